# 联办 Lianban. Plain `make` lists what there is. Everything runs in .venv (or LIANBAN_VENV), which the first command
# makes by itself; README.md says what a machine must have: Python 3.11 or newer, pip, make, git.

PYTHON ?= python3
VENV := $(if $(LIANBAN_VENV),$(LIANBAN_VENV),.venv)
RUN := "$(VENV)/bin/python"
DATA := $(if $(LIANBAN_DATA),$(LIANBAN_DATA),../shared/data)
TESTS ?=
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check fix bench lock tck clean environment

help: ## 列出全部命令 · list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: environment ## 从零到可用：装好、载入演示城市、打开 http://127.0.0.1:8000（PORT=端口，SERVE=0 不开网页）· from nothing to a running demo city
	@$(RUN) -m lianban.doors.web.parts fetch
	@exec $(RUN) -m lianban.doors.cli demo

test: ## 全部测试，含浏览器测试（TESTS=路径 只测一部分）· every test, browser tests included
	@$(PYTHON) bootstrap.py --with test --chromium
	@$(RUN) -m lianban.doors.web.parts fetch
	@$(RUN) -m lianban.doors.cli messages compile --quiet
	@exec $(RUN) -m pytest -n 2 --dist loadfile $(TESTS)

check: ## 规范、类型、各层依赖方向 · style, types, the arrows between the rooms
	@$(PYTHON) bootstrap.py --with test --with check
	@failed=; \
	$(RUN) -m ruff check . || failed="$$failed ruff-check"; \
	$(RUN) -m ruff format --check . || failed="$$failed ruff-format"; \
	$(RUN) -m mypy || failed="$$failed mypy"; \
	"$(VENV)/bin/lint-imports" --no-logo || failed="$$failed lint-imports"; \
	$(RUN) -m lianban.doors.cli docs --check || failed="$$failed docs"; \
	if [ -n "$$failed" ]; then echo "✗$$failed"; exit 1; fi

fix: ## 自动改正能改正的规范问题 · mend what can be mended by itself
	@$(PYTHON) bootstrap.py --with test --with check
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

bench: ## 性能测试，一张表（NAME=名称 只测一项，FULL=1 完整规模）· benchmarks in one table, each beside its peer
	@$(PYTHON) bootstrap.py --with test --with bench
	@exec $(RUN) -m lianban.doors.cli bench $(or $(NAME),all)

tck: ## 用 DMN 官方测试集检验 FEEL 与决策表 · the DMN conformance kit
	@$(PYTHON) bootstrap.py --with test
	@exec $(RUN) -m feeldmn.conformance "$(DATA)/standards/dmn-tck" --report packages/feeldmn/docs/reference/tck.md

lock: ## 重新锁定全部依赖（带哈希）· pin every dependency again, by hash
	@$(PYTHON) bootstrap.py --lock
	@$(PYTHON) bootstrap.py
	@$(RUN) -m lianban.doors.web.parts lock

clean: ## 删除环境、前端部件与缓存；数据文件夹不动 · remove what can be made again; never data
	rm -rf "$(VENV)" frontend/.parts build dist test-artifacts .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@$(PYTHON) bootstrap.py

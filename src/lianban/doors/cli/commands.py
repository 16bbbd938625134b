"""The table of commands. To add one: a file that exports ``app``, and a line here."""

from __future__ import annotations

from dataclasses import dataclass

from lianban.engines.errors import OurFault, YourMistake


@dataclass(frozen=True)
class Command:
    """Where a command is, and its line in ``lianban --help``."""

    module: str
    zh: str
    en: str


class UnknownCommand(YourMistake):
    code = "LB-CLI-001"
    zh = "没有命令“{name}”。可用的命令：{known}。"
    en = 'There is no command "{name}". There are: {known}.'


class CommandMissing(OurFault):
    code = "LB-CLI-002"
    zh = "命令“{name}”不在本次安装之中。请重新运行 `make demo` 安装。"
    en = 'The command "{name}" is not part of this installation. Install again with `make demo`.'


_HERE = "lianban.doors.cli"

COMMANDS = {
    "demo": Command(f"{_HERE}.demo", "载入演示城市，办一遍主要事项，打开网页", "load the demo city, run the main job, serve the pages"),
    "serve": Command(f"{_HERE}.serve", "运行网页、接口与后台作业", "run the pages, the API and the jobs"),
    "jobs": Command(f"{_HERE}.jobs", "后台作业：到期时限、存证编序、维护", "background jobs: timers, the ledger's order, upkeep"),
    "city": Command(f"{_HERE}.city", "载入一座城市的单位、岗位、人员", "load a city's agencies, posts and officers"),
    "machine": Command(f"{_HERE}.machine", "单位系统的接口账号：新建、停用", "machine accounts of agencies: make, revoke"),
    "database": Command(f"{_HERE}.database", "数据库：启动、升级表结构、状态、密码", "the database: run, migrate, status, passwords"),
    "scene": Command(f"{_HERE}.scene", "应用场景：新建、检查、测试、演示", "scenes: new, check, test, demo"),
    "process": Command(f"{_HERE}.process", "流程图版本：比较、预演、迁移在办事项、退回", "versions of a drawing: diff, plan, migrate open matters, roll back"),
    "import": Command(f"{_HERE}.imports", "从 CSV、Excel 核对并导入事项", "check and import matters from CSV or Excel"),
    "registries": Command(f"{_HERE}.registries", "登记库：建立索引、查看状态", "registries: build the index, show how each stands"),
    "collide": Command(f"{_HERE}.collide", "夜间查询：有授权的事项批量查询登记库", "nightly queries of every matter with a warrant"),
    "replay": Command(f"{_HERE}.replay", "按原时间重放真实案件日志（XES、CSV）", "replay a real case log (XES, CSV) with its own times"),
    "ledger": Command(f"{_HERE}.ledger", "存证：核验、出具证明", "the ledger: verify, prove"),
    "backup": Command(f"{_HERE}.backup", "备份到一个文件", "back up into one file"),
    "restore": Command(f"{_HERE}.restore", "从备份恢复到空的数据文件夹", "restore a backup into an empty data folder"),
    "health": Command(f"{_HERE}.health", "系统是否正常（监控用）", "whether all is well, for monitoring"),
    "doctor": Command(f"{_HERE}.doctor", "检查这台机器，说明缺什么、怎么办", "look over this machine: what is missing, what to do"),
    "areas": Command(f"{_HERE}.areas", "行政区划：核对乡镇表，查代码和名称", "areas: compare the town tables, look up codes and names"),
    "parts": Command(f"{_HERE}.parts", "前端部件：取得、检查、锁定", "front-end parts: fetch, check, lock"),
    "messages": Command(f"{_HERE}.messages", "界面文字：编译", "texts of the pages: compile"),
    "docs": Command(f"{_HERE}.docs", "文档中的图：由代码生成、检查", "diagrams of the documentation: make from the code, check"),
    "bench": Command(f"{_HERE}.bench", "性能测试，与同类软件对照", "benchmarks, beside their peers"),
}  # fmt: skip

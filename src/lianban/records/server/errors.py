"""What can go wrong with the database server, each with its remedy."""

from __future__ import annotations

from lianban.engines.errors import OurFault, YourMistake


class BinariesMissing(OurFault):
    code = "LB-SERVER-001"
    zh = "找不到 PostgreSQL 18 的程序（查找位置：{looked}）。请运行 `make demo` 重新装好环境，或用 LIANBAN_DATABASE_URL 指向已有的数据库。"
    en = (
        "The programs of PostgreSQL 18 were not found (looked in {looked}). Run `make demo` to install the "
        "environment again, or point LIANBAN_DATABASE_URL at a server of your own."
    )


class DataFolderOfAnotherVersion(YourMistake):
    code = "LB-SERVER-002"
    status = 409
    zh = (
        "数据文件夹 {folder} 由 PostgreSQL {found_version} 建立，本程序带的是 {our_version}，不能直接打开，数据未被改动。"
        "请用原来的版本执行 `lianban backup 文件`，再用本版本对一个空文件夹执行 `lianban restore 文件`。"
    )
    en = (
        "The data folder {folder} was made by PostgreSQL {found_version}; this program carries {our_version} and "
        "cannot open it. Nothing was changed. Run `lianban backup FILE` with the version that made it, then "
        "`lianban restore FILE` with this one into an empty folder."
    )


class DataFolderUnusable(YourMistake):
    code = "LB-SERVER-003"
    zh = "数据文件夹 {folder} 不能使用：{reason}。请改正，或用 LIANBAN_DATA_FOLDER 另选一个文件夹。"
    en = (
        "The data folder {folder} cannot be used: {reason}. Put that right, or choose another folder with "
        "LIANBAN_DATA_FOLDER."
    )


class ServerDidNotStart(OurFault):
    code = "LB-SERVER-004"
    zh = "数据库没有启动起来。日志末尾：{log}。完整日志在 {folder}。"
    en = "The database did not start. Its log ends: {log}. The whole log is in {folder}."


class ServerTooOld(YourMistake):
    code = "LB-SERVER-005"
    status = 409
    zh = "LIANBAN_DATABASE_URL 指向的服务器是 PostgreSQL {found_version}，需要 18 或更高版本。请升级该服务器，或去掉该变量以使用自带的数据库。"
    en = (
        "The server at LIANBAN_DATABASE_URL is PostgreSQL {found_version}; 18 or newer is needed. Upgrade it, or "
        "unset the variable to use the server that comes with Lianban."
    )


class DatabaseUrlUnusable(YourMistake):
    code = "LB-SERVER-006"
    zh = "LIANBAN_DATABASE_URL 不能使用：{reason}。格式为 postgresql://用户:密码@主机:端口/库名，用户须能建立角色，或已用 LIANBAN_ROLE_PASSWORDS 给出各角色的密码。"
    en = (
        "LIANBAN_DATABASE_URL cannot be used: {reason}. It is postgresql://user:password@host:port/database; the "
        "user must be able to create roles, or LIANBAN_ROLE_PASSWORDS must name a file with their passwords."
    )


class RolePasswordsUnusable(YourMistake):
    code = "LB-SERVER-007"
    zh = "角色密码文件 {file} 不能使用：{reason}。它应是只有本人可读的 JSON，每个角色一个密码。可从备份恢复该文件，或运行 `lianban database passwords` 重新生成。"
    en = (
        "The file of role passwords {file} cannot be used: {reason}. It is JSON that only its owner can read, one "
        "password per role. Restore it, or make new ones with `lianban database passwords`."
    )


class AnotherServerHoldsTheData(OurFault):
    code = "LB-SERVER-008"
    zh = "数据文件夹 {folder} 正被别的数据库进程（进程号 {pid}）使用，它不响应本程序。请先停止它再重试。"
    en = (
        "The data folder {folder} is held by another database process (pid {pid}) that does not answer this "
        "program. Stop it, then try again."
    )


class ServerInUse(YourMistake):
    code = "LB-SERVER-009"
    status = 409
    zh = "数据文件夹 {folder} 的数据库正在被使用。请先停止正在运行的程序（如 `make demo`），再重试。"
    en = "The database of {folder} is in use. Stop what is running (such as `make demo`), then try again."

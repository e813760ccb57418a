"""What can go wrong with a machine, each in one clear sentence, in Chinese and in English."""

from __future__ import annotations

import re
from pathlib import Path


class Trouble(Exception):
    """Something the person at the keyboard can put right: what happened and what to do, in both languages."""

    def __init__(self, zh: str, en: str, log: Path | None = None) -> None:
        super().__init__(en)
        self.zh, self.en, self.log = zh, en, log


_SIGNS: tuple[tuple[str, str, str], ...] = (
    (
        r"ENOSPC|No space left on device|disk quota exceeded",
        "磁盘已满。请腾出至少 3 GB 后再运行一次，已完成的步骤不会重做。",
        "The disk is full. Free at least 3 GB and run again; finished steps are not repeated.",
    ),
    (
        (
            r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|NewConnectionError|name resolution"
            r"|Could not resolve|Failed to fetch|dns error|Network is unreachable|ReadTimeout|Connection refused"
            r"|error sending request|Could not connect"
        ),
        "连不上软件包仓库。请检查网络或代理设置后再运行一次。",
        "The package registry cannot be reached. Check the network or the proxy settings and run again.",
    ),
    (
        r"THESE PACKAGES DO NOT MATCH THE HASHES|hash mismatch|Hash mismatch|EINTEGRITY",
        "下载的软件包与锁文件中的校验值不符，已拒绝安装。请重试；若仍如此，说明软件源的内容被改动。",
        (
            "A downloaded package does not match the hash in the lock and was refused."
            " Try again; if it stays so, the source was altered."
        ),
    ),
    (
        r"EACCES|Permission denied|EPERM",
        "没有写入权限。请确认本目录归当前用户所有（不要混用 root 与普通用户运行）。",
        "No permission to write. Make this folder yours (do not mix runs as root and as an ordinary user).",
    ),
    (
        r"EUSAGE|can only install packages when your package.json and package-lock.json",
        "package.json 与 package-lock.json 不一致。请在该目录运行 npm install 并提交锁文件。",
        "package.json and package-lock.json disagree. Run npm install in that folder and commit the lock.",
    ),
    (
        r"No matching distribution|no wheels with a matching|No solution found",
        "有软件包不支持这台机器（需要 x86-64 或 arm64 的 glibc Linux 与 Python 3.11）。",
        "A package does not support this machine (glibc Linux on x86-64 or arm64 with Python 3.11 is needed).",
    ),
    (
        r"JavaScript heap out of memory|MemoryError|Cannot allocate memory",
        "内存不足。构建前端约需 2 GB 可用内存。",
        "Out of memory. Building the front ends needs about 2 GB.",
    ),
)


def explained(output: str, zh: str, en: str, log: Path | None = None) -> Trouble:
    """The trouble that a failed program's output tells of; `zh` and `en` say what was being done."""
    for pattern, why_zh, why_en in _SIGNS:
        if re.search(pattern, output):
            return Trouble(f"{zh}未完成：{why_zh}", f"{en} did not finish. {why_en}", log)
    return Trouble(f"{zh}未完成，原因见下。", f"{en} did not finish; the reason is below.", log)

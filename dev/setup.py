"""Sets the machine up, then runs, tests, checks or cleans; standard library only: nothing is installed yet."""

import sys

if sys.version_info[:2] != (3, 11):  # said before anything newer than Python 3.6 is parsed
    sys.stderr.write(
        "✗ 需要 Python 3.11，这里是 {0}.{1}。请安装 python3.11 后重试"
        "（Debian: apt install python3.11 python3.11-venv）。\n"
        "  Python 3.11 is needed, this is {0}.{1}. Install python3.11 and try again.\n".format(*sys.version_info[:2])
    )
    sys.exit(2)

from steps.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

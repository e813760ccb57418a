# 掌税 PalmTax: one door to the tools. `make` alone lists everything; CI runs the same commands.
# Nothing here writes outside this folder, needs root, or needs anything but Python 3.11, Node 20 and make.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON := $(shell for p in python3.11 python3 python /usr/bin/python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1 && { command -v $$p; break; }; done)
ifeq ($(PYTHON),)
PYTHON := $(shell command -v python3 || echo no-python)
endif
VENV := PYTHONPATH=server:dev .venv/bin/python

.PHONY: help run test check floors bench crash chaos gauge doctor new show migration api lock clean

help:  ## 列出所有命令 · list every command
	@awk 'BEGIN {FS = ":.*## "; print "掌税 PalmTax — make <命令 · command>\n"} \
	/^[a-z]+:.*## / {printf "  \033[1m%-10s\033[0m %s\n", $$1, $$2}' Makefile

run:  ## 安装、构建、启动 · install, build, start everything on 127.0.0.1:8000
	@$(PYTHON) dev/setup.py run

test:  ## 全部测试（Python、前端、小程序、浏览器） · every test; needs nothing running
	@$(PYTHON) dev/setup.py test

check:  ## 格式、规则、类型、楼层、生成文件 · format, lint, types, floors, generated files
	@$(PYTHON) dev/setup.py check

floors:
	@PYTHONPATH=server .venv/bin/lint-imports

bench:  ## 性能实测（与 pgbench 同场比较） · measured against pgbench in the same run
	@$(PYTHON) dev/setup.py bench

crash:  ## 崩溃测试：杀进程，一份申报也不丢不重 · kill everything while 2,000 returns are filed and paid
	@$(VENV) bench/crash.py --returns "$(or $(returns),2000)"

chaos:  ## 混沌测试：五万条推送，渠道出错、进程被杀 · 50,000 pushes while channels fail and everything is killed: make chaos SIZE=2000
	@PYTHONPATH=server:dev:. .venv/bin/python -m bench.chaos --size "$(or $(SIZE),50000)"

gauge:  ## 房屋的尺寸：HOUSE 第 16 表 · the table that keeps the look
	@$(VENV) dev/gauge.py

doctor:  ## 这台机器哪里不对 · what is wrong with this machine
	@$(PYTHON) dev/setup.py doctor

new:  ## 新建骨架 · skeleton: make new kind=error name=filing.period_closed
	@$(VENV) dev/new.py "$(kind)" "$(name)"

show:  ## 给人看的样子 · as a person will see it: make show kind=rule name=vat_small_scale
	@$(VENV) dev/show.py "$(kind)" "$(name)"

migration:  ## 从表的声明写一次迁移 · write a migration from tables.py: make migration why="…"
	@$(VENV) -m palmtax migration "$(why)"

api:  ## 由应用生成接口文档与客户端 · generate reference pages, OpenAPI and the typed client
	@$(VENV) dev/generate.py
	@cd web && npm run --silent generate

lock:  ## 重新锁定 Python 依赖 · lock Python packages with hashes, no addresses inside
	@$(PYTHON) dev/setup.py lock

clean:  ## 删除生成物，数据库不动 · remove what can be made again; the database in var/ stays
	@$(PYTHON) dev/setup.py clean

"""The outside world in and out: one gateway for every channel 渠道, each a manifest and a table of codes.

Owns the words channel 渠道, transport 传输, callback 回调, event 外部事件, standing 渠道状况, light 红黄绿灯, switch 开关, allowance
可发条数, conformance kit 检验套件, kiosk 自助打印终端, visit 终端操作. Comes in: callbacks are verified, decrypted, kept once and
answered in time; goes out: a delivery that messaging wants is carried by the channel that fits, or told why not; at a
kiosk people print the papers they hold. No tax words behind this door, no wishes or templates of people (messaging), no
bindings (identity).
"""

from palmtax.channels.actions.exposing import expose
from palmtax.channels.actions.switching import switch
from palmtax.channels.actions.versions import reload, roll_back
from palmtax.channels.actions.watching import Report, reports
from palmtax.channels.model.manifest import Button, Channel, Manifest
from palmtax.channels.model.menus import AUDIENCES
from palmtax.channels.model.reading import BadChannel, Fault, read_all, texts_in

__all__ = [
    "AUDIENCES",
    "BadChannel",
    "Button",
    "Channel",
    "Fault",
    "Manifest",
    "Report",
    "expose",
    "read_all",
    "reload",
    "reports",
    "roll_back",
    "switch",
    "texts_in",
]

"""Compiled kernels: LLVM text made into machine code for this processor, kept by form."""

from __future__ import annotations

import ctypes
import importlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from palmtax.rules.kernel.form import Form
from palmtax.rules.kernel.text import NAME, text

Call = Callable[..., Any]
_MOST_KEPT = 256
_KEPT: dict[Form, Compiled] = {}
_LOCK = threading.Lock()
_ARGUMENTS = [ctypes.c_void_p] * 5 + [ctypes.c_int64] * 2


@dataclass(frozen=True)
class Machine:
    """What LLVM knows about this processor."""

    target: Any
    cpu: str
    features: str
    doubles: int
    """How many doubles it takes in one step."""
    converts: bool
    """Whether it turns 64-bit integers into doubles by itself, many at a time."""


@dataclass(frozen=True)
class Compiled:
    """Machine code; called without the interpreter's lock, so threads run at the same time."""

    call: Call
    engine: Any
    """Owns the machine code."""


@cache
def _llvm() -> Any:
    return importlib.import_module("llvmlite.binding")


@cache
def machine() -> Machine | None:
    """This processor; none where llvmlite is not installed or knows no target for it."""
    try:
        llvm = _llvm()
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        target = llvm.Target.from_default_triple()
        features, cpu = llvm.get_host_cpu_features(), llvm.get_host_cpu_name()
    except (ImportError, OSError, RuntimeError):
        return None
    has = {name for name, given in features.items() if given}
    doubles = 8 if {"avx512f", "avx512vl"} <= has else 4 if "avx2" in has else 2
    return Machine(target, cpu, features.flatten(), doubles, bool({"avx512dq", "neon"} & has))


def compiled(form: Form) -> Compiled:
    """The kernel of a form; made at its first use (about a tenth of a second), then kept."""
    found = _KEPT.get(form)
    if found is None:
        with _LOCK:
            found = _KEPT.get(form) or _compile(form)
            if len(_KEPT) >= _MOST_KEPT:
                _KEPT.clear()
            _KEPT[form] = found
    return found


def is_kept(form: Form) -> bool:
    """Whether the kernel of the form is already made."""
    return form in _KEPT


def _compile(form: Form) -> Compiled:
    return made(text(form), NAME, None, _ARGUMENTS)


def made(source: str, name: str, result: Any, arguments: Sequence[Any]) -> Compiled:
    """Machine code of LLVM text with one function."""
    llvm, here = _llvm(), machine()
    if here is None:
        raise RuntimeError("no target")
    module = llvm.parse_assembly(source)
    module.verify()
    target = here.target.create_target_machine(cpu=here.cpu, features=here.features, opt=2, jit=True)
    tuning = llvm.create_pipeline_tuning_options(speed_level=1)
    tuning.loop_vectorization = tuning.slp_vectorization = tuning.loop_unrolling = False
    builder = llvm.create_pass_builder(target, tuning)
    builder.getModulePassManager().run(module, builder)
    engine = llvm.create_mcjit_compiler(module, target)
    engine.finalize_object()
    call = ctypes.CFUNCTYPE(result, *arguments)(engine.get_function_address(name))
    return Compiled(call, engine)

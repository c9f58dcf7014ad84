"""Compilation of LLVM text for this machine, by llvmlite."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

_LIBRARY = ("log", "pow")
"""Functions of the C library that code may call, under the names ``payback_log`` and ``payback_pow``."""

PASSES = "sroa", "loop_rotate", "instruction_combine", "simplify_cfg"
"""The passes of the compiler, as llvmlite names them: variables become registers, loops test at their end, and what is
simple or never read goes. The standard pipeline takes ten times as long, and its code of a plan is no faster. Without
`loop_rotate` half of all processes took half as long again; the pass `new_gvn` stops the process at some plans (LLVM
22)."""

NARROW, WIDE = 8, 16
"""Trials in a vector: the usual number, and that of processors with AVX-512."""


@dataclass(frozen=True)
class Target:
    """The processor that code is compiled for.

    Parameters
    ----------
    cpu, features : str
        As LLVM names them.
    version : str
        The versions of llvmlite and LLVM.
    """

    cpu: str
    features: str
    version: str

    @property
    def lanes(self) -> int:
        """Trials in a vector: two registers, so that one works while the other waits."""
        return WIDE if "+avx512f" in self.features else NARROW


@cache
def target() -> Target:
    """Return the processor of this machine.

    Raises
    ------
    ImportError
        Without llvmlite.
    """
    llvmlite, binding = import_module("llvmlite"), import_module("llvmlite.binding")
    features = binding.get_host_cpu_features().flatten()
    version = f"llvmlite {llvmlite.__version__}, LLVM {'.'.join(map(str, binding.llvm_version_info))}"
    return Target(binding.get_host_cpu_name(), features, version)


def _machine() -> Any:
    """Return a new target machine: one that runs code belongs to that code, and is freed with it."""
    binding = import_module("llvmlite.binding")
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    for name in _LIBRARY:
        binding.add_symbol(f"payback_{name}", _address(name))
    here = target()
    triple = binding.Target.from_triple(binding.get_process_triple())
    return triple.create_target_machine(cpu=here.cpu, features=here.features, opt=2, codemodel="jitdefault", jit=True)


def _address(name: str) -> int:
    library = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)
    return ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0


def compiled(text: str) -> bytes:
    """Return the object code of a module, given as text."""
    binding = import_module("llvmlite.binding")
    machine = _machine()
    module = binding.parse_assembly(text)
    module.triple = machine.triple
    module.data_layout = str(machine.target_data)
    passes = binding.create_new_module_pass_manager()
    for name in PASSES:
        getattr(passes, f"add_{name}_pass")()
    passes.run(module, binding.create_pass_builder(machine, binding.create_pipeline_tuning_options()))
    code: bytes = machine.emit_object(module)
    return code


class Code:
    """Object code in memory, ready to be called.

    Parameters
    ----------
    code : bytes
    """

    def __init__(self, code: bytes) -> None:
        binding = import_module("llvmlite.binding")
        machine = _machine()
        empty = binding.parse_assembly("")
        empty.triple = machine.triple
        self._engine = binding.create_mcjit_compiler(empty, machine)
        self._engine.add_object_file(binding.ObjectFileRef.from_data(code))
        self._engine.finalize_object()

    def address(self, name: str) -> int:
        """Return the address of a function."""
        return int(self._engine.get_function_address(name))

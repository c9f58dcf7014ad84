"""The compiled back end's own language: vectors of trials, written as LLVM's intermediate representation."""

from __future__ import annotations

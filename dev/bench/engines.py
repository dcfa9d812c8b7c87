"""Peers that score trees in process, each given the very trees that Spark saved, on one thread.

An engine is a class: it is made from a `Source`, and its `call` takes a matrix of doubles and answers the sum over all
trees. Making one may raise; the reason is then shown in place of its figures.
"""

import ctypes
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from harness import NotMeasured
from spark_save import Trees

# Larger models are not compiled to machine code nor converted for oneDAL, which takes many minutes, and a compiler that
# takes longer is stopped.
COMPILE_NODES = 200_000
CONVERT_NODES = 2_000_000
COMPILE_SECONDS = 120


@dataclass
class Source:
    """A model for engines: its trees, and a folder for what is made of them once."""

    trees: Trees
    features: int
    folder: Path

    @cached_property
    def lightgbm_file(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "lightgbm.txt"
        if not path.exists():
            path.write_text(self.trees.lightgbm_text(self.features))
        return str(path)

    @cached_property
    def onnx_file(self):
        import onnx

        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "model.onnx"
        if not path.exists():
            onnx.save(self.trees.onnx(self.features), str(path))
        return str(path)

    def bounded(self, most, done):
        """How many nodes there are; refuses more than `most`."""
        nodes = len(self.trees.tree)
        if nodes > most:
            raise NotMeasured(f"{nodes:,} nodes are not {done} here, {most:,} at most")
        return nodes

    def compiled(self, name, program):
        """The file that a compiler makes, by a program in another process that can be stopped."""
        path, nodes = self.folder / name, self.bounded(COMPILE_NODES, "compiled")
        if not path.exists():
            words = [sys.executable, "-c", program, self.lightgbm_file, str(path)]
            # A session of its own, so that the compilers that it starts end with it.
            with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
                try:
                    _, words = process.communicate(timeout=COMPILE_SECONDS)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    path.unlink(missing_ok=True)
                    raise NotMeasured(f"compiling {nodes:,} nodes took over {COMPILE_SECONDS} s") from None
            if process.returncode != 0:
                raise NotMeasured(f"its compiler failed: {(words.strip().splitlines() or ['no reason given'])[-1]}")
        return str(path)


class LightGbm:
    """LightGBM's C library. One row goes by its fast call for single rows, without Python's own cost of a call."""

    name = "LightGBM"

    def __init__(self, source):
        import lightgbm

        self.booster = lightgbm.Booster(model_file=source.lightgbm_file)
        self.library = lightgbm.basic._LIB
        self.output = ctypes.c_double()
        self.length = ctypes.c_int64()
        self.fast = ctypes.c_void_p()
        raw_score, double = 1, 1
        done = self.library.LGBM_BoosterPredictForMatSingleRowFastInit(
            self.handle(), raw_score, 0, -1, double, source.features, b"num_threads=1", ctypes.byref(self.fast)
        )
        if done != 0:
            raise NotMeasured("its fast call for single rows is not there")

    def handle(self):
        handle = getattr(self.booster, "_handle", None) or self.booster.handle
        return handle if isinstance(handle, ctypes.c_void_p) else ctypes.c_void_p(handle)

    def call(self, rows):
        if len(rows) > 1:
            return self.booster.predict(rows, raw_score=True, num_threads=1)
        return self.single(self.pointer(rows))

    @staticmethod
    def pointer(rows):
        return ctypes.c_void_p(rows.ctypes.data)

    def single(self, row):
        """One row by its address."""
        self.library.LGBM_BoosterPredictForMatSingleRowFast(
            self.fast, row, ctypes.byref(self.length), ctypes.byref(self.output)
        )
        return self.output.value


class Lleaves:
    """lleaves: LightGBM models compiled by LLVM."""

    name = "lleaves"
    program = """
import sys, lleaves
lleaves.Model(model_file=sys.argv[1]).compile(cache=sys.argv[2])
"""

    def __init__(self, source):
        import lleaves

        file = source.compiled("lleaves.o", self.program)
        self.model = lleaves.Model(model_file=source.lightgbm_file)
        self.model.compile(cache=file)

    def call(self, rows):
        return self.model.predict(rows, n_jobs=1)


class Tl2cgen:
    """TL2cgen: trees as C, compiled by gcc."""

    name = "TL2cgen"
    program = """
import sys, treelite, tl2cgen
model = treelite.frontend.load_lightgbm_model(sys.argv[1])
tl2cgen.export_lib(model, toolchain="gcc", libpath=sys.argv[2], params={"parallel_comp": 8})
"""

    def __init__(self, source):
        import tl2cgen

        self.matrix = tl2cgen.DMatrix
        self.predictor = tl2cgen.Predictor(source.compiled("tl2cgen.so", self.program), nthread=1)

    def call(self, rows):
        return self.predictor.predict(self.matrix(rows), pred_margin=True).ravel()


class OnnxRuntime:
    """ONNX Runtime, with floats of 32 bits: its answers are not Spark's. Rows come as such floats already."""

    name = "ONNX Runtime"

    def __init__(self, source):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(source.onnx_file, options, providers=["CPUExecutionProvider"])

    def prepare(self, rows):
        return {"X": rows.astype(np.float32)}

    def call(self, rows):
        return self.session.run(None, rows)[0].ravel()


class OneDal:
    """oneDAL, from the LightGBM model."""

    name = "oneDAL"

    def __init__(self, source):
        import daal4py
        import lightgbm

        source.bounded(CONVERT_NODES, "converted")
        daal4py.daalinit(nthreads=1)
        self.model = daal4py.mb.convert_model(lightgbm.Booster(model_file=source.lightgbm_file))

    def call(self, rows):
        return np.asarray(self.model.predict(rows)).ravel()


ENGINES = [LightGbm, Tl2cgen, Lleaves, OnnxRuntime, OneDal]


def made(benchmark, model, source, engines=ENGINES):
    """Those engines that can be made of a model; for the others it is noted why not."""
    found = []
    for engine in engines:
        try:
            found.append(engine(source))
        except Exception as reason:  # a peer may fail in any way of its own
            benchmark.missing(model, engine.name, reason)
    return found


def prepared(engine, parts):
    """The parts in the form that an engine takes them."""
    if hasattr(engine, "prepare"):
        return [engine.prepare(part) for part in parts]
    return parts


def answers(engine, rows):
    """All answers at once, in batches that any engine takes."""
    parts = prepared(engine, [np.ascontiguousarray(part) for part in np.array_split(rows, 4)])
    return np.concatenate([np.asarray(engine.call(part)) for part in parts])

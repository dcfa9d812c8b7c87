"""REST: `firesteel bench` loads `firesteel serve` and an echo server of the same framework in turn."""

from harness import OURS, main
from servers import BATCH, run

SUBJECTS = {
    "REST /predict": (OURS, ""),
    "echo of REST /predict": ("echo server", ""),
    "REST /predict/batch": (f"{OURS}, {BATCH} rows a request", ""),
}

if __name__ == "__main__":
    main(lambda: run(SUBJECTS))

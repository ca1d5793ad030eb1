"""Index a folder into a data folder and say how fast and in how much memory.

python -m benchmarks.scale.index HOME FOLDER
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

from embeddings import EMBEDDED, load_encoder
from rag.index.build import sync

if __name__ == "__main__":
    home, folder = Path(sys.argv[1]), Path(sys.argv[2])
    encoder = load_encoder(EMBEDDED)
    started = time.perf_counter()
    report = sync(home, encoder, [folder])
    took = time.perf_counter() - started
    here, workers = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    new = sum(outcome.chunks for outcome in report.outcomes)
    cpu = here.ru_utime + here.ru_stime + workers.ru_utime + workers.ru_stime
    said = {
        "indexed": new,
        "files": len(report.outcomes),
        "failed": sum(outcome.action == "failed" for outcome in report.outcomes),
        "passages_a_second": round(new / took),
        "cpu_ms_a_passage": round(1000 * cpu / max(new, 1), 3),
        "indexing_peak_mb": here.ru_maxrss // 1024,
        "worker_peak_mb": workers.ru_maxrss // 1024,
        "load": os.getloadavg()[0],
    }
    print(json.dumps(said))

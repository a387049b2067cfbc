"""A Dask cluster on loopback for a test: `python dask_cluster.py WORKERS`; prints its address and the workers' pids."""

from __future__ import annotations

import json
import sys

from distributed import Client, LocalCluster


def main() -> None:
    count = int(sys.argv[1])
    with LocalCluster(
        n_workers=count, threads_per_worker=2, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        with Client(cluster) as client:
            pids = list(client.run(lambda: __import__("os").getpid()).values())
        sys.stdout.write(json.dumps({"address": cluster.scheduler_address, "pids": pids}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()

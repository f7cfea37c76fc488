#!/usr/bin/env python3
"""Facts of every capture of a listing, with Spark: path lines through worker.sh into JSON lines.

    spark-submit --files contrib/spark/worker.sh contrib/spark/facts.py LISTING OUT [--slices N]

The crawlcard command has to be on every executor (CRAWLCARD names it). Each line of OUT is a fact
line as `crawlcard extract` prints it; read it back with spark.read.json(OUT).
"""

import argparse
import os

# What worker.sh reads, handed on to the executors.
VARIABLES = ("CRAWLCARD", "BASE", "EXTRACT_FLAGS", "STRICT", "JOBS", "PATH")
GZIP = "org.apache.hadoop.io.compress.GzipCodec"


def facts(context, listing, slices, worker):
    """An RDD of fact lines. A slice is one process on one executor; a path is read by one."""
    paths = context.textFile(listing).filter(lambda line: line.strip())
    environment = {name: os.environ[name] for name in VARIABLES if name in os.environ}
    return paths.repartition(slices).pipe(worker, env=environment, checkCode=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("listing")
    parser.add_argument("out")
    parser.add_argument("--slices", type=int, default=64, help="processes, about 4 a core")
    parser.add_argument("--worker", default="./worker.sh", help="where executors find worker.sh")
    arguments = parser.parse_args()

    from pyspark.sql import SparkSession  # only where Spark is
    spark = SparkSession.builder.appName("crawlcard facts").getOrCreate()
    lines = facts(spark.sparkContext, arguments.listing, arguments.slices, arguments.worker)
    lines.saveAsTextFile(arguments.out, compressionCodecClass=GZIP)
    spark.stop()


if __name__ == "__main__":
    main()

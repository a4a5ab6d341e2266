"""Which machine a measurement is of. Standard library only."""

import os
import platform
from pathlib import Path


def cpuinfo() -> dict[str, str]:
    """What /proc/cpuinfo says about the first core."""
    lines = Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines()
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}


def machine() -> str:
    """The processor with its family and model, which a marketing name may hide, and the cores."""
    info = cpuinfo()
    return (f"{info.get('model name', platform.machine())} (family {info.get('cpu family')}, "
            f"model {info.get('model')}), {os.cpu_count()} cores")

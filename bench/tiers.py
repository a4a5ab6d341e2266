"""Environments that keep enlace and its peers to an instruction set. Standard library only.

ONNX Runtime has no such switch. Libraries read them when they are loaded.
"""

TIERS = {
    "native": {},
    "avx512": {"ENLACE_ISA": "avx512bf16", "ONEDNN_MAX_CPU_ISA": "AVX512_CORE_BF16",
               "DNNL_MAX_CPU_ISA": "AVX512_CORE_BF16", "CT2_FORCE_CPU_ISA": "AVX512"},
    "avx2": {"ENLACE_ISA": "avx2", "ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2",
             "DNNL_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2", "CT2_FORCE_CPU_ISA": "AVX2"},
}

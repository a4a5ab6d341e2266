"""Environments that keep enlace and its peers to an instruction set. Standard library only.

ONNX Runtime has no such switch. Libraries read them when they are loaded. AVX2 means with AVX-VNNI where the
processor has it, for all of them.
"""

TIERS = {
    "native": {},
    "avx512": {"ENLACE_ISA": "avx512bf16", "ONEDNN_MAX_CPU_ISA": "AVX512_CORE_BF16",
               "DNNL_MAX_CPU_ISA": "AVX512_CORE_BF16", "CT2_FORCE_CPU_ISA": "AVX512"},
    "avx2": {"ENLACE_ISA": "avx2", "ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2_VNNI",
             "DNNL_MAX_CPU_ISA": "AVX2_VNNI", "MKL_ENABLE_INSTRUCTIONS": "AVX2_E1", "CT2_FORCE_CPU_ISA": "AVX2"},
}

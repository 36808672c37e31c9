#!/usr/bin/env python3
"""Writes tests/data/transformer.safetensors: what PyTorch's nn.Transformer computes, post-norm and
pre-norm, with a causal target and padding in the source.

    pip install torch==2.13.0 safetensors numpy
    python3 scripts/make_transformer_golden.py

"post." and "pre." begin the names of: "p.NAME" the state dict; "src", "tgt", "kpm" the inputs, 1 =
padding; "y" the output, computed in float64 and rounded once.
"""
import pathlib

import torch
from safetensors.torch import save_file


def case(norm_first):
    model = torch.nn.Transformer(4, 2, 2, 1, 6, 0.0, "gelu", layer_norm_eps=1e-3,
                                 batch_first=True, norm_first=norm_first)
    for p in model.parameters():
        p.data = torch.randn_like(p) * 0.4
    src, tgt = torch.randn(2, 5, 4), torch.randn(2, 3, 4)
    padding = torch.zeros(2, 5, dtype=torch.bool)
    padding[0, 3:] = True
    later = torch.triu(torch.ones(3, 3, dtype=torch.bool), 1)
    state = {"p." + name: tensor.clone() for name, tensor in model.state_dict().items()}
    y = model.double()(src.double(), tgt.double(), tgt_mask=later, src_key_padding_mask=padding,
                       memory_key_padding_mask=padding)
    return {**state, "src": src, "tgt": tgt, "kpm": padding.float(), "y": y.detach().float()}


torch.manual_seed(5)
golden = {}
for kind in ("post", "pre"):
    golden.update({f"{kind}.{name}": t for name, t in case(kind == "pre").items()})
save_file(golden, pathlib.Path(__file__).parent.parent / "tests/data/transformer.safetensors")

"""Reads the body and `fp` of `music-embedding` back from a published ONNX file, so that work can go on from it."""

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import nn

from music_net import MusicNet


def read_published(file: Path) -> MusicNet:
    """Batch normalisations are folded into the convolutions there: here they only add what is left of them."""
    graph = onnx.load(str(file)).graph
    values = {each.name: torch.from_numpy(numpy_helper.to_array(each).copy()) for each in graph.initializer}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    net = MusicNet().eval()
    with torch.no_grad():
        for layer, node in zip(net.body, convolutions, strict=True):
            kernel, normal = layer[0], layer[1]
            _, weight, bias = node.input
            kernel.weight.copy_(values[weight])
            nn.init.constant_(normal.running_var, 1 - normal.eps)
            normal.bias.copy_(values[bias])
        net.fp.weight.copy_(values["fp.weight"])
        net.fp.bias.copy_(values["fp.bias"])
    return net

"""Writes trained weights as ONNX:  python3 export_music.py music.pt music-embedding.onnx"""

import sys

import onnx
import torch

from front_end import N_MELS
from music_net import PATCH_FRAMES, MusicNet

weights, target = sys.argv[1:]
net = MusicNet()
net.load_state_dict(torch.load(weights))
net.eval()
names = {"input_names": ["mel"], "output_names": ["fp", "sim"]}
axes = {name: {0: "b"} for name in ("mel", "fp", "sim")}
torch.onnx.export(net, torch.zeros(2, N_MELS, PATCH_FRAMES), target, opset_version=13, dynamic_axes=axes, **names)
onnx.checker.check_model(target)

"""Makes the voices that `authenticity` learns from:  python3 make_voices.py CORPUS

`CORPUS/voices/real_<speakers>.s16` come from what fetch_corpus.sh has fetched, `fake_<engine>_<voice>.s16` from
espeak-ng, flite and festival, `fake_vocoder_<kind>_<speakers>.s16` from vocoder.py. All are 16 kHz mono without long
pauses, and all go through G.722, so that the channel tells nothing.
"""

import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from front_end import SAMPLE_RATE
from vocoder import KINDS, resynthesise

SEED = 7
LICENCES = Path("/usr/share/common-licenses")
# spoken by an engine, or sung
NO_SPEECH = re.compile(r"/(Robot|Singer|Surfer)/", re.I)
REAL = {
    **{f"ast_{tongue}": (f"asterisk-core-sounds-{tongue}-g722", r"\.g722$") for tongue in ("en", "ru", "es", "fr", "it")},
    "fil_cs": ("fillets-ng-data-cs", r"\.ogg$"),
    "fil_nl": ("fillets-ng-data-nl", r"\.ogg$"),
    "hedgewars": ("hedgewars-data", r"/voices/.*\.ogg$"),
}
# what the published figure is measured on is not taken apart either
VOCODED = ("ast_es", "ast_fr", "ast_it", "fil_cs", "hedgewars")
ESPEAK = ["en-us", "en-gb-scotland", "ru", "fr", "it", "es", "de", "en-us+f3", "en-us+m5", "ru+f2", "en-us+klatt3"]
FLITE = ["kal16", "awb", "rms", "slt"]
FESTIVAL = {
    "diphone": "kal_diphone ked_diphone lp_diphone pc_diphone czech_dita czech_krb czech_machac czech_ph "
    "suo_fi_lj_diphone hy_fi_mv_diphone",
    "hts": "cmu_us_slt_arctic_hts upc_ca_ona_hts",
}
FAMILY_OF_FLITE = {"kal16": "diphone"}
TEXTS, SENTENCES = 4, 9
REAL_FILES = 250
VOCODED_SECONDS = 90

chance = random.Random()


def run(command: list[str], given: bytes = b"") -> bytes:
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=300)
    return done.stdout


def decode(file: Path, *options: str) -> bytes:
    raw = ["-ac", "1", "-ar", "16000", "-f", "s16le", "-"]
    return run(["ffmpeg", "-v", "error", *options, "-i", str(file), *raw])


def through_g722(samples: np.ndarray) -> np.ndarray:
    raw = ["-f", "s16le", "-ar", "16000", "-ac", "1"]
    coded = run(["ffmpeg", "-v", "error", *raw, "-i", "-", "-c:a", "g722", "-f", "g722", "-"], samples.tobytes())
    return from_g722(coded)


def from_g722(coded: bytes) -> np.ndarray:
    raw = ["-f", "s16le", "-ar", "16000", "-ac", "1"]
    return np.frombuffer(run(["ffmpeg", "-v", "error", "-f", "g722", "-i", "-", *raw, "-"], coded), np.int16)


def without_pauses(samples: np.ndarray) -> np.ndarray:
    """Keeps what is above -50 dBFS, and 0.15 s around it."""
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    loud = np.sqrt((frames.astype(np.float32) ** 2).mean(1)) > 100
    return frames[np.convolve(loud, np.ones(15), "same") > 0].reshape(-1)


def sentences() -> list[str]:
    text = " ".join((LICENCES / name).read_text(errors="ignore") for name in ("GPL-3", "Artistic", "Apache-2.0", "GFDL-1.3"))
    found = re.split(r"(?<=[.;:])\s", re.sub(r"\s+", " ", text))
    plain = [re.sub(r"[^A-Za-z ,.]", "", each).strip() + "." for each in found]
    return [each for each in plain if 40 < len(each) < 220 and each.count(" ") > 5]


def speak_espeak(voice: str, text: str, said: Path) -> None:
    pace, pitch = chance.randint(140, 180), chance.randint(35, 65)
    run(["espeak-ng", "-v", voice, "-s", str(pace), "-p", str(pitch), "-w", str(said), text])


def speak_flite(voice: str, text: str, said: Path) -> None:
    run(["flite", "-voice", voice, "-t", text, "-o", str(said)])


def speak_festival(voice: str, text: str, said: Path) -> None:
    written = said.with_suffix(".txt")
    written.write_text(text)
    stretch = f"(Parameter.set 'Duration_Stretch {chance.uniform(0.9, 1.15):.2f})"
    run(["text2wave", "-eval", f"(voice_{voice})", "-eval", stretch, "-o", str(said), str(written)])


def real_voice(corpus: Path, package: str, pattern: str) -> np.ndarray:
    files = sorted((corpus / "packages" / package).rglob("*"))
    chosen = [f for f in files if re.search(pattern, str(f)) and not NO_SPEECH.search(str(f))]
    chance.shuffle(chosen)
    chosen = chosen[:REAL_FILES]
    if pattern.startswith(r"\.g722"):
        coded = b"".join(file.read_bytes() for file in chosen)  # has no header: files can be joined
        return without_pauses(from_g722(coded))
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("".join(f"file '{file.absolute()}'\n" for file in chosen))
        listed.flush()
        said = decode(Path(listed.name), "-f", "concat", "-safe", "0")
    return through_g722(without_pauses(np.frombuffer(said, np.int16)))


def spoken(speak, voice: str) -> np.ndarray:
    """Some sentences at a time, each time at another pace."""
    texts = chance.sample(sentences(), TEXTS * SENTENCES)
    said = b""
    with tempfile.TemporaryDirectory() as folder:
        for at in range(0, len(texts), SENTENCES):
            speak(voice, " ".join(texts[at : at + SENTENCES]), Path(folder) / "said.wav")
            said += decode(Path(folder) / "said.wav")
    return through_g722(without_pauses(np.frombuffer(said, np.int16)))


def vocoded(voice: np.ndarray, kind: str) -> np.ndarray:
    draws = np.random.default_rng(SEED)
    pieces = voice[: VOCODED_SECONDS * SAMPLE_RATE].astype(np.float64) / 32768
    made = [resynthesise(pieces[at : at + 6 * SAMPLE_RATE], kind, draws) for at in range(0, len(pieces), 6 * SAMPLE_RATE)]
    return through_g722((np.clip(np.concatenate(made), -1, 1) * 32767).astype(np.int16))


def main(corpus: Path) -> None:
    target = corpus / "voices"
    target.mkdir(exist_ok=True)

    def keep(name: str, make) -> None:
        file = target / f"{name}.s16"
        if file.exists():
            return
        chance.seed(f"{SEED} {name}")  # the same whatever was made before
        made = make()
        made.tofile(file)
        print(f"{name} {len(made) / SAMPLE_RATE / 60:.1f} min", flush=True)

    for voice in ESPEAK:
        keep(f"fake_formant_{voice.replace('+', '_')}", lambda: spoken(speak_espeak, voice))
    for voice in FLITE:
        keep(f"fake_{FAMILY_OF_FLITE.get(voice, 'clustergen')}_flite_{voice}", lambda: spoken(speak_flite, voice))
    for family, voices in FESTIVAL.items():
        for voice in voices.split():
            keep(f"fake_{family}_{voice}", lambda: spoken(speak_festival, voice))
    for name, (package, pattern) in REAL.items():
        keep(f"real_{name}", lambda: real_voice(corpus, package, pattern))
    for name in VOCODED:
        for kind in KINDS:
            source = np.fromfile(target / f"real_{name}.s16", np.int16)
            keep(f"fake_vocoder_{kind}_{name}", lambda: vocoded(source, kind))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

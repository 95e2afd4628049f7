"""Decodes what fetch_corpus.py has fetched:  python3 prepare_corpus.py CORPUS [SECONDS of each track]

Writes the music, `tracks.json` (id, pkg, album, artist, title, dur) and `pcm/<id>.s16` (16 kHz mono), and
`voices.s16`, acted Czech lines that music is drowned out by in training. What is decoded stays from run to run.
"""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import mutagen

SPEECH = ("asterisk-", "fillets-ng-data-")
SOUNDS = {".ogg", ".oga", ".opus", ".mp3", ".flac"}
MIN_SECONDS = 45
# of each track, from its middle, unless told: enough for a dozen patches, and long tracks weigh no more than others
MOST_SECONDS = 60
MIN_BYTES = 250_000
# single voices of a song, and a player's self-test
NO_MUSIC = re.compile(r"guitar\.ogg|dynamictest")
VOICE_SECONDS = 3_600
DECODED = ["-vn", "-ac", "1", "-ar", "16000", "-f", "s16le"]


def probe(file: Path) -> dict:
    """Seconds and tags of a sound; empty where there is none."""
    try:
        sound = mutagen.File(file, easy=True)
    except mutagen.MutagenError:
        return {}
    if sound is None:
        return {}
    return {"dur": sound.info.length, "tags": {name: values[0] for name, values in dict(sound.tags or {}).items()}}


def album_of(package: str, path: str, tags: dict) -> str:
    """The package is the album, but for the three that hold several."""
    inner = re.search(r"albums/([^/]+)/", path)
    if inner:
        return f"{package}/{inner[1]}"
    if package == "singularity-music" and tags.get("album"):
        return f"{package}/{tags['album']}"
    if package == "ufoai-music":  # their names begin with who made them
        return f"{package}/{re.match('[A-Za-z]+', Path(path).name)[0].lower()[:6]}"
    return package


def find_tracks(packages: Path) -> list[tuple[Path, dict]]:
    found, seen = [], set()
    for file in sorted(packages.rglob("*")):
        path = str(file.relative_to(packages))
        package = path.split("/")[0]
        if package.startswith(SPEECH) or file.suffix.lower() not in SOUNDS or file.is_symlink():
            continue
        if NO_MUSIC.search(path) or file.stat().st_size < MIN_BYTES:
            continue
        about = probe(file)
        digest = hashlib.md5(file.read_bytes()).hexdigest()[:12]
        if about.get("dur", 0) < MIN_SECONDS or digest in seen:
            continue
        seen.add(digest)
        tags = about["tags"]
        track = {"id": digest, "pkg": package, "album": album_of(package, path, tags)}
        named = {name: tags.get(name) for name in ("artist", "title")}
        found.append((file, track | named | {"dur": round(about["dur"], 2), "path": path}))
    return found


def decode(source: Path, target: Path, options: list[str], seconds: float) -> bool:
    """Whether it could be read."""
    if target.exists():
        return True
    part = target.with_suffix(".part")
    command = ["ffmpeg", "-v", "error", "-y", "-threads", "1", *options, "-i", str(source), "-t", str(seconds), *DECODED, str(part)]
    if subprocess.run(command).returncode != 0:
        return False
    part.rename(target)
    return True


def main(corpus: Path, most_seconds: float = MOST_SECONDS) -> None:
    (corpus / "pcm").mkdir(exist_ok=True)
    tracks = []
    for file, track in find_tracks(corpus / "packages"):
        start = max(0, (track["dur"] - most_seconds) / 2)
        track["dur"] = min(track["dur"], most_seconds)
        if decode(file, corpus / "pcm" / f"{track['id']}.s16", ["-ss", f"{start:.2f}"], most_seconds):
            tracks.append(track)
    (corpus / "tracks.json").write_text(json.dumps(tracks, indent=0, ensure_ascii=False))
    hours = sum(track["dur"] for track in tracks) / 3600
    print(f"{len(tracks)} tracks of {len({track['pkg'] for track in tracks})} packages, {hours:.1f} h")

    voices = sorted((corpus / "packages" / "fillets-ng-data-cs").rglob("*.ogg"))
    listed = corpus / "voices.txt"
    listed.write_text("".join(f"file '{voice.absolute()}'\n" for voice in voices))
    decode(listed, corpus / "voices.s16", ["-f", "concat", "-safe", "0"], VOICE_SECONDS)
    listed.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(float, sys.argv[2:]))

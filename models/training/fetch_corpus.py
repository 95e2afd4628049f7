"""Fetches what the models are trained on and measured with, 4 GB of Debian packages:  python3 fetch_corpus.py CORPUS [PACKAGE…]

Only their sounds and licences are kept, in CORPUS/packages/<package>; what is there already is not fetched again.
"""

import io
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

MUSIC = """
    asc-music amoebax-data btanks-data colobot-common-sounds drascula-music endless-sky-data extremetuxracer-data
    fillets-ng-data fretsonfire-songs-muldjord fretsonfire-songs-sectoid frozen-bubble-data hyperrogue-music
    lincity-ng-data lordsawar-data lugaru-data nexuiz-music pathological planetblupi-music-ogg pushover-data
    scorched3d-data singularity-music warzone2100-music wesnoth-1.16-music xmoto-data ufoai-music hedgewars-data
    supertux-data widelands-data freeorion-data freedroidrpg-data unknown-horizons megaglest-data redeclipse-data
    naev-data berusky2-data supertuxkart-data 0ad-data
"""
SPEECH = """
    asterisk-core-sounds-en-g722 asterisk-core-sounds-es-g722 asterisk-core-sounds-fr-g722
    asterisk-core-sounds-it-g722 asterisk-core-sounds-ru-g722 fillets-ng-data-cs fillets-ng-data-nl
"""
WANTED = re.compile(r"\.(ogg|oga|opus|mp3|flac|g722)$|(copyright|licen[cs]e|authors|credits)[^/]*$", re.I)
ARCHIVE = re.compile(r"\.(zip|pk3)$")


def keep(target: Path, name: str, content: bytes) -> None:
    file = target / name.lstrip("./")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def keep_of_archive(target: Path, name: str, content: bytes) -> None:
    """Games carry their sounds in archives of their own, too."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for inner in archive.namelist():
            if WANTED.search(inner):
                keep(target, f"{name}.unpacked/{inner}", archive.read(inner))


def unpack(package: Path, target: Path) -> None:
    reader = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE)
    with tarfile.open(fileobj=reader.stdout, mode="r|") as files:
        for file in files:
            if not file.isfile():
                continue
            if WANTED.search(file.name):
                keep(target, file.name, files.extractfile(file).read())
            elif ARCHIVE.search(file.name):
                keep_of_archive(target, file.name, files.extractfile(file).read())
    if reader.wait() != 0:
        raise SystemExit(f"{package} cannot be read")


def fetch(corpus: Path, name: str) -> None:
    target = corpus / "packages" / name
    if target.exists():
        return
    downloads = corpus / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    if not list(downloads.glob(f"{name}_*.deb")):
        subprocess.run(["apt-get", "download", name], cwd=downloads, check=True, stdout=subprocess.DEVNULL)
    [package] = downloads.glob(f"{name}_*.deb")
    part = corpus / "downloads" / f"{name}.part"
    part.mkdir(parents=True, exist_ok=True)
    unpack(package, part)
    target.parent.mkdir(exist_ok=True)
    part.rename(target)
    package.unlink()
    print(name, flush=True)


if __name__ == "__main__":
    corpus, *named = sys.argv[1:]
    for each in named or f"{SPEECH} {MUSIC}".split():
        fetch(Path(corpus), each)

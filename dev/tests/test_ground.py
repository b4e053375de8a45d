"""The set-up's own promises: nothing half-made is used, and refusals say what to do."""

import os

import pytest
from ground import core, odoo


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(core, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(core, "STATE", tmp_path / "state")
    return tmp_path / "cache"


def test_what_was_built_is_not_built_again(cache):
    calls = []
    for _each in range(2):
        core.built(cache / "venv" / "x", calls.append)
    assert calls == [cache / "venv" / "x"]


def test_what_was_left_half_built_is_built_anew(cache):
    folder = cache / "odoo" / "x"

    def killed(path):
        (path / "rubbish").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        core.built(folder, killed)
    core.built(folder, lambda path: (path / "good").touch())
    assert sorted(path.name for path in folder.iterdir()) == [".complete", "good"]


@pytest.mark.parametrize(
    "output, told",
    [
        ("a\npsql: error: no such host\n", "step failed: psql: error: no such host"),
        ("E: Unable to locate package x\n", "E: Unable to locate package x"),
        ("tar: No space left on device\n", "the disk is full"),
        ("Retrying after connection broken by 'x'\nERROR: No match", "network"),
        ("", "no message"),
    ],
)
def test_a_failed_step_is_one_line(output, told):
    with pytest.raises(core.Stop) as stop:
        core.run("sh", "-c", f"printf '%s' \"{output}\"; exit 1", what="step")
    assert told in str(stop.value)
    assert "\n" not in str(stop.value)


@pytest.mark.parametrize(
    "release, told",
    [
        ("version_info = (18, 0, 0, FINAL, 0, '')", "is Odoo 18.0"),
        ("version_info = ('saas~19', 2, 0, FINAL, 0, '')", "is Odoo saas~19.2"),
        ("nothing of the kind", "is Odoo unknown"),
        (None, "has no odoo/release.py"),
    ],
)
def test_another_odoo_is_refused_by_name(tmp_path, monkeypatch, release, told):
    (tmp_path / "odoo").mkdir()
    if release is not None:
        (tmp_path / "odoo" / "release.py").write_text(release)
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(core.Stop, match=told):
        odoo.home()


def test_links_are_kept_inside_the_extracted_tree(tmp_path):
    inside = tmp_path / odoo.DIST / "font.ttf"
    shared = tmp_path / "usr/share/fonts/font.ttf"
    for path in (inside, shared):
        path.parent.mkdir(parents=True)
    shared.touch()
    inside.symlink_to("/usr/share/fonts/font.ttf")
    odoo._relink(tmp_path)
    assert inside.resolve() == shared.resolve()
    assert not os.path.isabs(os.readlink(inside))


def test_a_link_that_leads_nowhere_is_told(tmp_path):
    inside = tmp_path / odoo.DIST / "font.ttf"
    inside.parent.mkdir(parents=True)
    inside.symlink_to("../gone.ttf")
    with pytest.raises(core.Stop, match="font.ttf leads nowhere"):
        odoo._relink(tmp_path)

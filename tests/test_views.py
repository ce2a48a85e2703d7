"""Saved views: files a person can read, kept whole, found again whatever lies beside them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import hostile
from workbench import language
from workbench.failure import Failure
from workbench.views import LONGEST, Taken, View, Views


@pytest.fixture(autouse=True)
def _english() -> None:
    language.use("en")


@pytest.fixture
def views(tmp_path: Path) -> Views:
    return Views(tmp_path / "own", tmp_path / "shared")


def test_a_view_is_a_file_one_can_read(views: Views, tmp_path: Path) -> None:
    views.save(View("Hastende resepter", 'team:resept er:hastesignal "i dag"'))
    file = tmp_path / "own" / "hastende-resepter.toml"
    assert file.read_text() == ('name = "Hastende resepter"\nsearch = "team:resept er:hastesignal \\"i dag\\""\n')
    assert views.all() == (View("Hastende resepter", 'team:resept er:hastesignal "i dag"'),)


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("name", ["A-liste", "A/liste", "a liste"])
def test_one_that_has_the_name_or_the_file_goes_only_when_that_is_said(views: Views, name: str, shared: bool) -> None:
    first, second = View("A-liste", "er:ny", shared), View(name, "er:ferdig", shared)
    views.save(first)
    views.save(first)
    with pytest.raises(Taken, match="A-liste") as taken:
        views.save(second)
    assert taken.value.view == first
    with pytest.raises(Taken):
        views.save(second, View("A-liste", "er:lest", shared))
    assert views.all() == (first,)
    views.save(second, first)
    assert views.all() == (second,)


def test_a_file_of_another_name_or_of_no_meaning_goes_only_when_that_is_said(views: Views, tmp_path: Path) -> None:
    views.save(View("Own", "er:ny"))
    (tmp_path / "own" / "own.toml").rename(tmp_path / "own" / "by-hand.toml")
    with pytest.raises(Taken):
        views.save(View("Own", "er:ferdig"))
    views.save(View("Own", "er:ferdig"), View("Own", "er:ny"))
    assert [file.name for file in (tmp_path / "own").iterdir()] == ["by-hand.toml"]
    (tmp_path / "own" / "half.toml").write_text("name = ")
    with pytest.raises(Taken, match=r"half\.toml"):
        views.save(View("Half", "er:ny"))


def test_no_view_hides_one_of_the_other_folder(views: Views) -> None:
    views.save(View("A", "er:ny", shared=True))
    views.save(View("A", "er:ny"))
    with pytest.raises(Failure, match="A"):
        views.save(View("A", "er:ferdig"), View("A", "er:ny"))
    assert views.all() == (View("A", "er:ny", shared=True),)


def test_one_that_is_thrown_away_goes(views: Views) -> None:
    views.save(View("A", "er:ferdig"))
    views.save(View("B", "er:ny", shared=True))
    assert views.all() == (View("B", "er:ny", shared=True), View("A", "er:ferdig"))
    views.remove(View("A", "anything"))
    assert views.all() == (View("B", "er:ny", shared=True),)
    views.remove(View("B", "", shared=True))
    assert views.all() == ()
    views.remove(View("B", "", shared=True))


def test_a_file_somebody_wrote_by_hand_is_found_and_thrown_away_by_its_name(views: Views, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "x.toml").write_text('# mine\nname = "Æsops  liste"\nsearch = "er:ulest"\n')
    assert views.all() == (View("Æsops liste", "er:ulest"),)
    views.remove(View("Æsops liste", ""))
    assert views.all() == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "x"', "line 1"),
        ('search = "x"', "name"),
        ('name = "x"\nsearch = 3', "line 2"),
        ('name = "x"\nsearch = "y"\nmore = 1', "line 3"),
        ("name = ", "line 1"),
        ('name = "' + "x" * (LONGEST + 1) + '"\nsearch = "y"', "line 1"),
    ],
)
def test_a_file_that_cannot_be_meant_is_told_and_hides_no_other(
    views: Views, tmp_path: Path, text: str, said: str
) -> None:
    views.save(View("Good", "er:ny"))
    file = tmp_path / "own" / "bad.toml"
    file.write_text(text)
    assert views.all() == (View("Good", "er:ny"),)
    (failure,) = views.check()
    assert str(file) in str(failure)
    assert said in str(failure)


@pytest.mark.parametrize("one", hostile.hostile(), ids=lambda one: one.id)
def test_whatever_is_typed_is_kept_as_it_is_or_refused(views: Views, one: hostile.Hostile) -> None:
    name = " ".join(f"a{one.text}".split())[:LONGEST]
    try:
        views.save(View(name, f"x {one.text}"))
    except Failure:
        assert views.all() == ()
        return
    assert not views.check()
    (kept,) = views.all()
    assert kept.search == f"x {one.text}".encode("utf-8", "replace").decode()


def test_a_name_of_no_letters_is_refused(views: Views) -> None:
    with pytest.raises(Failure, match="name"):
        views.save(View("!!!", "er:ny"))


def test_without_a_shared_folder_a_view_is_ones_own(tmp_path: Path) -> None:
    views = Views(tmp_path / "own")
    assert not views.can_share
    assert views.all() == ()
    views.save(View("A", "er:ny"))
    assert [view.shared for view in views.all()] == [False]


@pytest.mark.skipif(sys.platform == "win32", reason="a file in the way of a folder is another error there")
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("a file")
    with pytest.raises(Failure, match="own"):
        Views(tmp_path / "own" / "deeper").save(View("A", "er:ny"))


def test_two_windows_may_make_the_folder_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "made" / "views"
    own.mkdir(parents=True)
    monkeypatch.setattr(Path, "exists", lambda path: not path.is_relative_to(tmp_path))  # as the other one makes it
    views = Views(own)
    views.save(View("Sak", "er:flagg"))
    assert views.all() == (View("Sak", "er:flagg"),)


def test_a_number_that_nobody_can_read_hides_no_other_view(views: Views, tmp_path: Path) -> None:
    views.save(View("Good", "er:ny"))
    (tmp_path / "own" / "bad.toml").write_text(f"name = {'1' * 5000}\n")
    assert views.all() == (View("Good", "er:ny"),)
    (failure,) = views.check()
    assert "bad.toml" in str(failure)


def test_what_a_save_that_was_cut_off_left_behind_is_no_view(views: Views, tmp_path: Path) -> None:
    views.save(View("Good", "er:ny"))
    (tmp_path / "own" / ".good-x1y2z3.toml").write_text('name = "Good"\nsearch = "er:ferdig"\n')
    assert views.all() == (View("Good", "er:ny"),)
    assert not views.check()

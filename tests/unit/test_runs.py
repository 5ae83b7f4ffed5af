"""Runs that the service hears, and what it remembers of them."""

import json
from typing import Any

import pytest

from jigsaw_service.jupyter import runs
from jigsaw_service.jupyter.messages import Glance
from jigsaw_service.jupyter.runs import KernelRuns, Runs, asker_of, workspace_of
from jigsaw_service.jupyter.servers import Owner

ALICE = Owner("alice", "token")


class Kernel:
    """A kernel that says what the test wants, on its output channel."""

    def __init__(self) -> None:
        # Run, end and answered question, as the person's pages hear of them.
        self.told_pages = list[tuple[str, str | None, str]]()
        # What other processes hear.
        self.spread = list[dict[str, Any]]()
        self.runs = KernelRuns(
            lambda run, answered: self.told_pages.append((run.id, run.end, answered)),
            spread=self.spread.append,
        )
        self._said = 0
        # Session of its process.
        self.process = "p1"

    def say(self, kind: str, request: str = "r1", asker: str = "jigsaw/w", **content: Any) -> None:
        self._said += 1
        state = str(content.get("execution_state", ""))
        text = json.dumps(content).encode()
        header = {"msg_type": kind, "msg_id": f"m{self._said}", "session": self.process}
        self.runs.receive(
            Glance(
                "iopub",
                kind,
                f"m{self._said}",
                request,
                state,
                asker,
                process=self.process if state and request else "",
                content=text,
                header=header,
            )
        )

    def begin(self, request: str = "r1", asker: str = "jigsaw/w") -> None:
        self.say("status", request, asker, execution_state="busy")
        self.say("execute_input", request, asker, code="…")

    def print(self, text: str, request: str = "r1") -> None:
        self.say("stream", request, name="stdout", text=text)

    def end(self, request: str = "r1") -> None:
        self.say("status", request, execution_state="idle")

    def told(self, after: int = 0) -> dict[str, Any]:
        run = self.runs.last(None)
        assert run
        return run.told(after)


def texts(told: dict[str, Any]) -> list[str]:
    return [message["content"]["text"] for message in told["messages"]]


def test_all_that_a_run_has_sent_is_known_to_who_comes_later() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.print("one")
    kernel.print("two")

    told = kernel.told()

    assert (texts(told), told["end"], told["complete"]) == (["one", "two"], None, True)
    assert kernel.told_pages == [("r1", None, "")]


def test_who_asks_again_is_told_only_what_is_new() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.print("one")
    before = kernel.told()["next"]
    kernel.print("two")

    assert texts(kernel.told(before)) == ["two"]


def test_what_several_listeners_hear_is_kept_once() -> None:
    kernel = Kernel()
    kernel.begin()
    message = Glance("iopub", "stream", "same", "r1", "", "jigsaw/w", content=b'{"text": "one"}')
    kernel.runs.receive(message)
    kernel.runs.receive(message)

    assert texts(kernel.told()) == ["one"]


def test_a_run_ends_with_its_own_idle_and_what_comes_late_is_still_its_own() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.end("another request")
    assert kernel.told()["end"] is None

    kernel.end()
    kernel.print("late")

    assert (kernel.told()["end"], texts(kernel.told())) == ("done", ["late"])


def test_what_a_thread_prints_in_answer_to_nothing_is_the_last_runs() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.end()
    kernel.runs.receive(
        Glance("iopub", "stream", "m", "i", "", "", "kernel_info_request", b'{"text": "late"}')
    )

    assert texts(kernel.told()) == ["late"]


def test_a_new_run_takes_the_place_of_the_last_and_late_words_of_that_are_dropped() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.end()
    kernel.begin("r2")
    kernel.print("old", "r1")
    kernel.print("new", "r2")

    assert (kernel.told()["id"], texts(kernel.told())) == ("r2", ["new"])


def test_each_workspace_on_a_notebooks_kernel_has_a_last_run_of_its_own() -> None:
    kernel = Kernel()
    kernel.begin("r1", asker_of("one"))
    kernel.end()
    kernel.begin("r2", asker_of("two"))

    one, cell = kernel.runs.last(asker_of("one")), kernel.runs.last("username")
    assert one and one.id == "r1"
    assert cell is None
    assert workspace_of(asker_of("one")) == "one"
    assert workspace_of("username") == ""


def test_what_it_asks_is_known_until_somebody_answers_and_the_answer_never() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.say("input_request", prompt="Name? ", password=False)
    asked = kernel.told()["input"]
    assert asked["prompt"] == "Name? "

    kernel.runs.answered()

    assert kernel.told()["input"] is None
    assert kernel.told_pages[-1] == ("r1", None, asked["header"]["msg_id"])


def test_a_question_that_overtakes_the_beginning_of_its_run_is_known() -> None:
    kernel = Kernel()
    kernel.begin("before")
    kernel.end("before")
    kernel.say("input_request", "r1", prompt="Name? ", password=False)
    kernel.begin("r1")

    told = kernel.told()
    assert (told["id"], told["input"]["prompt"], told["complete"]) == ("r1", "Name? ", True)


@pytest.mark.parametrize("state", ["restarting", "dead"])
def test_a_kernel_that_dies_takes_its_run_along(state: str) -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.say("status", "", execution_state=state)

    assert kernel.told()["end"] == "died"


def test_a_restart_that_somebody_wanted_is_told_as_that() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.runs.restarted()
    kernel.say("status", "", execution_state="restarting")

    assert kernel.told()["end"] == "restarted"


def test_a_kernel_that_says_that_it_starts_was_restarted_by_somebody_who_told_nobody() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.process = "p2"
    kernel.say("status", "", execution_state="starting")
    assert kernel.told()["end"] == "restarted"
    assert kernel.told_pages[-1] == ("r1", "restarted", "")

    kernel.begin("r2")
    kernel.runs.restarted()

    assert kernel.told()["end"] is None


def test_what_is_interrupted_for_a_restart_was_restarted() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.say("error", ename="KeyboardInterrupt", evalue="", traceback=[])
    kernel.end()
    assert kernel.told()["end"] == "done"

    kernel.process = "p2"
    kernel.say("status", "", execution_state="starting")

    assert kernel.told()["end"] == "restarted"
    assert kernel.told_pages[-1] == ("r1", "restarted", "")


def test_a_kernel_that_speaks_as_another_process_was_restarted_though_nobody_heard_it_start() -> (
    None
):
    kernel = Kernel()
    kernel.begin()
    kernel.say("error", ename="KeyboardInterrupt", evalue="", traceback=[])
    kernel.end()

    kernel.process = "p2"
    kernel.say("status", "its info", "", execution_state="busy")

    assert kernel.told()["end"] == "restarted"
    assert kernel.told_pages[-1] == ("r1", "restarted", "")
    assert kernel.runs.restarts == 1


def test_what_somebody_stopped_was_stopped_and_a_restart_later_is_another_matter() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.runs.interrupted()
    kernel.say("error", ename="KeyboardInterrupt", evalue="", traceback=[])
    kernel.end()

    kernel.process = "p2"
    kernel.say("status", "", execution_state="starting")

    assert kernel.told()["end"] == "done"


def test_late_words_of_an_ended_process_are_no_restart() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.process = "p2"
    kernel.begin("r2")
    kernel.process = "p1"
    kernel.end()

    assert (kernel.told()["id"], kernel.told()["end"]) == ("r2", None)
    assert (kernel.runs.restarts, kernel.runs.process) == (1, "p2")


def test_a_process_of_the_version_before_is_understood() -> None:
    one, other = Kernel(), Kernel()
    one.begin()
    one.say("input_request", prompt="Name? ", password=False)
    told = one.spread.pop()
    del told["process"]

    other.runs.apply_notice(told)

    assert other.told()["input"]["prompt"] == "Name? "


def test_a_run_of_the_new_process_that_another_tells_of_goes_on() -> None:
    one, other = Kernel(), Kernel()
    other.begin("r0")
    other.end("r0")
    one.process = other.process = "p2"
    one.begin()
    one.say("input_request", prompt="Name? ", password=False)
    other.runs.apply_notice(one.spread.pop())

    other.say("status", execution_state="busy")

    assert (other.told()["id"], other.told()["end"]) == ("r1", None)


def test_a_kernel_that_has_gone_takes_its_run_along() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.runs.mark_died()

    assert (kernel.told()["end"], kernel.runs.busy) == ("died", False)


def test_what_is_asked_by_way_of_one_process_is_asked_and_answered_by_way_of_another() -> None:
    one, other = Kernel(), Kernel()
    one.begin()
    one.say("input_request", prompt="Name? ", password=False)

    other.runs.apply_notice(one.spread.pop())
    assert other.told()["input"] == one.told()["input"]
    assert not other.told()["complete"]
    other.runs.answered()
    one.runs.apply_notice(other.spread.pop())

    assert one.told()["input"] is None
    assert one.told_pages[-1][2] != ""


def test_a_process_that_comes_later_learns_what_goes_on_though_it_says_nothing() -> None:
    one, late = Kernel(), Kernel()
    one.begin()
    late.runs.ask_others()
    one.runs.apply_notice(late.spread.pop())
    late.runs.apply_notice(one.spread.pop())

    late.runs.restarted()

    told = late.told()
    assert (told["id"], told["end"], told["complete"]) == ("r1", "restarted", False)


def test_a_process_that_comes_later_learns_what_is_being_asked() -> None:
    one, late = Kernel(), Kernel()
    one.begin()
    one.say("input_request", prompt="Name? ", password=False)
    one.spread.clear()

    late.runs.ask_others()
    one.runs.apply_notice(late.spread.pop())
    late.runs.apply_notice(one.spread.pop())

    assert late.told()["input"]["prompt"] == "Name? "


def test_a_restart_by_way_of_one_process_ends_what_another_hears() -> None:
    one, other = Kernel(), Kernel()
    other.begin()
    one.runs.restarted()

    other.runs.apply_notice(one.spread.pop())

    assert other.told()["end"] == "restarted"


def test_what_is_heard_in_the_middle_is_a_run_whose_beginning_is_missing() -> None:
    kernel = Kernel()
    kernel.runs.busy = True
    kernel.print("middle")

    told = kernel.told()
    assert (texts(told), told["complete"]) == (["middle"], False)


def test_of_a_long_run_the_newest_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MOST_BYTES", 3000)
    kernel = Kernel()
    kernel.begin()
    for number in range(100):
        kernel.print(str(number))

    told = kernel.told()
    assert texts(told)[-1] == "99"
    assert len(texts(told)) < 20
    assert (told["complete"], told["next"]) == (False, 100)


def test_what_is_cleared_away_is_not_kept_and_not_missing() -> None:
    kernel = Kernel()
    kernel.begin()
    for number in range(50):
        kernel.say("clear_output", wait=True)
        kernel.print(f"frame {number}")

    told = kernel.told()
    assert [message["msg_type"] for message in told["messages"]] == ["clear_output", "stream"]
    assert (told["messages"][1]["content"]["text"], told["complete"]) == ("frame 49", True)
    kernel.say("clear_output", wait=False)
    assert [one["msg_type"] for one in kernel.told(told["next"])["messages"]] == ["clear_output"]


def test_what_waits_to_be_cleared_is_kept_until_something_comes_in_its_place() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.print("old")
    kernel.say("clear_output", wait=True)

    assert kernel.told()["messages"][0]["content"]["text"] == "old"


def test_an_update_of_a_display_reaches_the_run_that_shows_it_whichever_sent_it() -> None:
    kernel = Kernel()
    kernel.begin()
    kernel.end()
    kernel.begin("r2")
    kernel.say("display_data", "r2", data={}, transient={"display_id": "d"})

    kernel.say("update_display_data", "r1", data={"text/plain": "1"}, transient={"display_id": "d"})
    kernel.say("update_display_data", "r1", data={"text/plain": "2"}, transient={"display_id": "e"})

    kinds = [message["msg_type"] for message in kernel.told()["messages"]]
    assert kinds == ["display_data", "update_display_data"]


def test_all_together_keep_no_more_than_a_bound_but_what_is_listened_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runs, "_MOST_BYTES_OF_ALL", 2000)
    known = Runs(lambda *_: None)

    def fill(kernel_id: str) -> KernelRuns:
        kernel = Kernel()
        kernel.runs = known.of(ALICE, kernel_id)
        kernel.begin()
        kernel.print("x" * 1500)
        return kernel.runs

    heard = fill("a")
    heard.listeners = 1
    forgotten = fill("b")
    fill("c")

    assert known.of(ALICE, "a") is heard
    assert known.of(ALICE, "b") is not forgotten


def test_nobody_sees_runs_of_another_person() -> None:
    known = Runs(lambda *_: None)

    assert known.of(ALICE, "k") is not known.of(Owner("bob", "token"), "k")

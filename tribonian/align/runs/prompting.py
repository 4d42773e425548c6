"""The system prompt, which stands in every conversation and is trained on."""

from __future__ import annotations

from tribonian.align.runs.course import Course
from tribonian.align.service.failures import RefusedError, ServiceError, UnreachableError

_SUMMARY = 4000  # characters of the root's content, for the draft of a prompt


def system_prompt(course: Course) -> str:
    """The prompt that stands in every conversation: as given, else drafted once and kept."""
    if course.run.system_prompt is not None:
        return course.run.system_prompt
    done = course.record.done("prompt")
    if done is not None:
        return str(done["system_prompt"])
    with course.step("prompt"):
        prompt, source = _drafted(course), "service"
        if prompt is None:
            prompt, source = neutral_prompt(course.run.title), "tribonian"
        key = course.service.account.key
        if not key.is_short:  # it is sent as the journal will have it, now and after a kill
            prompt = key.masked(f"{prompt}\n").removesuffix("\n")
    course.record.write("prompt", "done", system_prompt=prompt, source=source)
    who = "the service drafted it" if source == "service" else "the service drafted none"
    course.say(
        f'The model will be trained on this system prompt, because none was given and {who}: "'
        f'{" ".join(prompt.split())}"'
    )
    return prompt


def neutral_prompt(title: str) -> str:
    """A system prompt that says no more than what is asked about."""
    title = " ".join(title.split())[:200].rstrip(" .")
    return (
        f"You answer questions about {title}. Answer from these rules, keep their conditions and "
        "exceptions, and say so where they do not decide the question."
    )


def _drafted(course: Course) -> str | None:
    assert course.prepared is not None
    summary = str(course.prepared.tree["content"])[:_SUMMARY]
    try:
        return course.service.draft_system_prompt(course.run.instructions, summary)
    except RefusedError:
        raise
    except UnreachableError:
        next(iter(course.service.jobs()), None)  # raises where it is the network that is lost
        return None
    except ServiceError:
        return None

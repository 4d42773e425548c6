"""What the official SDK is asked to do; run by its own Python, and tells what came as JSON.

`SEEKR_BASE_URL`, `SEEKR_API_KEY` and `SEEKR_TEAM_ID` say where; the arguments are a folder to
work in, the principles, a file to train with and one of plain text. Nothing here imports this
project.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")  # the service calls some of its own pages deprecated


def course(folder: Path, principles: Path, training: Path, text: Path) -> dict[str, Any]:
    """Upload, job, files, ready, start, done, outputs, download; then the training file."""
    from seekrai import SeekrFlow
    from seekrai.types import InfrastructureConfig, TrainingConfig

    told: dict[str, Any] = {}
    with SeekrFlow(max_retries=0) as client:
        file = client.files.upload(principles, purpose="alignment")
        prompt = client.data_jobs.generate_system_prompt("Ask what each rule requires.")
        job = client.data_jobs.create(
            name="a course",
            system_prompt="You know the law of lanterns.",
            instructions="Ask what each rule requires.",
        )
        told["new"] = job.status.value
        client.data_jobs.add_files(job.id, [file.id])
        told["states"] = []
        while (now := client.data_jobs.retrieve(job.id)).status.value != "ready_to_start":
            told["states"].append(now.status.value)
            assert len(told["states"]) < 50
        client.data_jobs.start(job.id)
        while (now := client.data_jobs.retrieve(job.id)).status.value != "completed":
            told["states"].append(now.status.value)
            assert len(told["states"]) < 50
        told["embedded"] = [each.id for each in now.alignment_job.output_files]
        outputs = client.alignment.outputs(now.alignment_job_id)
        told["outputs"] = [each.id for each in outputs]
        (pairs,) = [each for each in outputs if each.purpose.value == "fine-tune"]
        out = folder / "sdk-pairs.parquet"
        client.files.retrieve_content(pairs.id, output=out)
        told["pairs"] = str(out)
        told["listed"] = [each.id for each in client.files.list(purpose="alignment").data]
        told["jobs"] = [each.name for each in client.data_jobs.list().data]
        told["retrieved"] = client.files.retrieve(file.id).filename
        # what follows a review
        data = client.files.upload(training, purpose="fine-tune")
        client.files.upload(text, purpose="pre-train")
        project = client.projects.create("a course", "A course of the tests.")
        model = client.models.list().data[0]
        tuned = client.fine_tuning.create(
            project_id=project.id,
            training_config=TrainingConfig(
                training_files=[data.id], model=model.name, n_epochs=1, learning_rate=1e-5,
                batch_size=8, max_length=2500, experiment_name="a-course",
            ),
            infrastructure_config=InfrastructureConfig(accel_type="H100", n_accel=8, n_node=1),
        )  # fmt: skip
        told["fine_tune"] = client.fine_tuning.retrieve(tuned.id).status.value
        told["prompt"] = prompt.system_prompt
        # the old way
        old = client.alignment.generate(
            "Ask what each rule requires.", [file.id], system_prompt="You know the law of lanterns."
        )
        old_states = []
        while (done := client.alignment.retrieve(old.id)).status.value != "completed":
            old_states.append(done.status.value)
            assert len(old_states) < 50
        told["old"] = [each.id for each in done.output_files]
        # and what is undone
        other = client.data_jobs.create(name="another")
        client.data_jobs.add_files(other.id, [file.id])
        client.data_jobs.remove_files(other.id, [file.id])
        client.data_jobs.update(other.id, name="renamed")
        clone = client.data_jobs.clone(other.id)
        client.data_jobs.delete(clone.id)
        client.files.rename(data.id, "renamed.parquet")
        told["deleted"] = client.files.delete(data.id).deleted
    return told


if __name__ == "__main__":
    print(json.dumps(course(*(Path(each) for each in sys.argv[1:5]))))

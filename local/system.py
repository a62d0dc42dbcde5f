"""The whole system on this machine: brought up from nothing, or brought up to date."""

import subprocess

from local import containers, envfile, ministack, parameter, sam
from local.envfile import Access
from local.environment import STACK, use_local_cloud
from local.locks import alone
from local.ministack import Running
from local.paths import FINGERPRINT, INSTALL_LOCK
from local.warm_up import COLD_SECONDS, warm_up
from ops import page_link, reference, stack
from ops.console import Failure, console, stage

BROKER = "broker"


def start(port: int) -> "tuple[subprocess.Popen[bytes], Access]":
    """A system with no state but the reference data. If anything goes wrong, or it is interrupted, nothing is left."""
    use_local_cloud(port)
    with stage("starting MiniStack", f"MiniStack listens on port {port}"):
        process = ministack.start(port)
    try:
        return process, install(port)
    except BaseException:
        ministack.stop(process)
        raise


def install(port: int) -> Access:
    """Builds, deploys, loads and warms up what this folder holds, on the local cloud that runs.

    The credential stays as it is if there is one. Raises Failure with what went wrong.
    """
    with alone(INSTALL_LOCK, "Another command is deploying at this moment."):
        return _install(port)


def build() -> None:
    """Builds what this folder holds. Raises Failure with what went wrong."""
    with stage("sam build", "built"):
        sam.build()


def up_to_date(there: Running) -> Access | None:
    """How to call the system that runs, if it is complete and what is deployed is what this folder holds."""
    use_local_cloud(there.port)
    deployed = FINGERPRINT.read_text() if FINGERPRINT.exists() else None
    return envfile.read() if deployed == sam.fingerprint() else None


def running() -> Running:
    """The system that is up. Raises Failure if none is. From here on it is this process's AWS."""
    there = ministack.running()
    if there is None:
        raise Failure("No system is up here. Start one with `make up` or `make run`.")
    use_local_cloud(there.port)
    return there


def port() -> int:
    """Where the system listens that is up. Raises Failure if none is. From here on it is this process's AWS."""
    return running().port


def let_containers_in() -> None:
    """Lets containers reach the system that is up, if something here runs containers. Says so if they cannot."""
    try:
        containers.connect(running())
    except containers.NoRuntime:
        return
    except Failure as failure:
        console.print(f"`sam local` cannot reach the local cloud. {failure.message}", markup=False)


def access() -> Access:
    """How to call the system that is up. Raises Failure if none is complete. From here on it is this process's AWS."""
    port()
    found = envfile.read()
    if found is None:
        raise Failure("The system is not complete: it is being deployed, or that failed. `make up` does it again.")
    return found


def introduce(access: Access) -> None:
    """Says where the page is, how to call the system, where its manual is, and what is wrong with its configuration."""
    link = page_link.new_link(stack.outputs(STACK)["TradesStoreName"], access.url)
    console.print(f"\nPage     {link}", markup=False, soft_wrap=True)
    console.print(f"         signs in once, within {page_link.MINUTES} minutes; another link: make page")
    console.print(
        f"\nAPI      {access.url}\nStream   {access.stream_url}\nKey id   {access.key_id}\nSecret   {access.secret}\n"
        f"Manual   {access.url}/docs\n"
    )
    order = '{"customerId":"000002","direction":"Buy","ticker":"AMD","type":"Market","quantity":12500}'
    console.print(f"curl -u {access.key_id}:{access.secret} {access.url}/orders -d '{order}'\n", markup=False)
    first, *_, last = reference.customers()
    console.print(f"Customers {first} to {last}, tickers {' '.join(reference.tickers())}.", markup=False)
    console.print(f"This credential acts for all customers. For a customer's own: make credential CUSTOMER={first}\n")
    if fault := parameter.fault(STACK):
        console.print(
            f"{fault}. Functions that run keep the last valid document. Functions that start will fail.", markup=False
        )


def _install(port: int) -> Access:
    use_local_cloud(port)
    fingerprint = sam.fingerprint()
    build()
    FINGERPRINT.unlink(missing_ok=True)  # if anything fails from here on, nobody knows what is deployed
    with stage("sam deploy", "deployed"):
        sam.deploy()
        stack.repair_topics(STACK)
        stack.grant_batches(STACK)
    with stage("loading reference data", "reference data loaded"):
        access = _load(port)
    with stage("warming the functions up", "functions warmed up"), access.api(timeout=COLD_SECONDS) as api:
        warm_up(STACK, api)
    FINGERPRINT.write_text(fingerprint)
    return access


def _load(port: int) -> Access:
    outputs = stack.outputs(STACK)
    table = outputs["TradesStoreName"]
    reference.load(table)
    before = envfile.read()
    kept = before is not None and reference.has_credential(table, BROKER)
    secret = before.secret if before and kept else reference.issue_credential(table, BROKER)
    url, stream_url = envfile.local_url(port, outputs["ApiId"]), envfile.local_stream(port, outputs["StreamApiId"])
    access = Access(url, stream_url, BROKER, secret)
    envfile.write(access, port, outputs)
    return access

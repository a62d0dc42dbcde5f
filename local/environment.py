"""Environment variables: those that make the local cloud this process's AWS, and the few that MiniStack gets."""

import os
import platform
import sys
from pathlib import Path

HOST = "127.0.0.1"
REGION = "us-east-1"
STACK = "trading"
RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
ARCHITECTURE = "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"


def aws_variables(port: int) -> dict[str, str]:
    """What any AWS client needs to find the local cloud."""
    return {
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
    }


def use_local_cloud(port: int) -> None:
    """From here on this process, and every command that it starts, has the local cloud for its AWS.

    The caller's own profile, token, region, files and proxy for AWS are out of the way: nothing can reach an account.
    """
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    direct = ",".join(filter(None, [os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), HOST]))
    os.environ |= aws_variables(port) | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "NO_PROXY": direct,
        "no_proxy": direct,
        "PATH": _tools_first(),
    }


def use_tools() -> None:
    """From here on this process finds the commands beside its interpreter, `sam` for one."""
    os.environ["PATH"] = _tools_first()


def for_ministack(port: int, temporary: Path) -> dict[str, str]:
    """All that MiniStack gets. Functions inherit it, so nothing of the caller's may be in it."""
    return {
        "PATH": _tools_first(),
        "HOME": os.environ.get("HOME", str(Path.home())),
        "TMPDIR": str(temporary),
        "STATE_DIR": str(temporary / "state"),
        "S3_DATA_DIR": str(temporary / "s3"),
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "AUTH": "true",
        "LAMBDA_WARM_TTL_SECONDS": "3600",
        "BOTO_DISABLE_CRT": "true",  # Lambda's boto3 has no CRT; this environment has it, for SAM CLI
    }


def _tools_first() -> str:
    """PATH with this interpreter's folder before all others, once: functions run under the `python` found there."""
    tools = str(Path(sys.executable).parent)
    others = [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder != tools]
    return os.pathsep.join([tools, *others])

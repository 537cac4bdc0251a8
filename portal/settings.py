"""The settings of one deployment, read from the environment and checked at start-up."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from portal.settings_rules import (
    Listening,
    Packages,
    PublicAddress,
    Sender,
    SigningKey,
    address,
    addresses,
)

LANGUAGES = ("fr", "ar", "en")
DEFAULT_LANGUAGE = "fr"

# `make run` writes the addresses of its services here, so that `tajhiz …` finds them.
LOCAL_ENV = Path(__file__).parent.parent / "var" / "local.env"


class Settings(BaseSettings):
    """Environment variables ``TAJHIZ_*``; a wrong or missing one stops the process at start-up.

    Every setting is explained, with its unit and default, in ``docs/operations.md``.
    """

    model_config = SettingsConfigDict(
        env_prefix="TAJHIZ_",
        env_file=LOCAL_ENV,
        env_ignore_empty=True,  # « TAJHIZ_SMTP_USER= » in a file of settings means none
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    environment: Literal["local", "production"] = "production"
    reload: bool = False
    packages: Packages = (
        "portal.web",
        "portal.accounts",
        "portal.audit",
        "portal.search",
        "portal.documents",
        "portal.notifications",
        "catalog",
        "telemetry_ingest",
        "procurement",
    )
    base_url: PublicAddress = "http://localhost:8000"
    secret_key: SecretStr = Field(min_length=32)

    database_url: Annotated[SecretStr, address("postgresql", "postgres")]
    database_pool_size: int = Field(default=4, gt=0, le=64)
    valkey_url: Annotated[SecretStr, address("redis", "rediss")]
    nats_url: Annotated[SecretStr, addresses("nats", "tls")] | None = None
    nats_system_url: Annotated[SecretStr, addresses("nats", "tls")] | None = None
    nats_issuer_seed: SecretStr | None = Field(default=None, min_length=58, max_length=58)
    nats_log_dir: Path | None = None
    nats_stream_bytes: int = Field(default=20 * 1024**3, ge=1024**2)
    nats_replicas: int = Field(default=1, ge=1, le=5)
    ingest_lanes: int = Field(default=2, ge=1, le=16)
    ingest_patience_s: float = Field(default=30.0, ge=1, le=600)
    quarantine_per_device: int = Field(default=10_000, ge=1)
    quarantine_days: int = Field(default=90, ge=1)
    ingest_mqtt5_listen: Listening | None = None
    ingest_mqtt5_certificate: Path | None = None
    ingest_mqtt5_key: Path | None = None
    # Where devices send to; shown with a device's credentials.
    mqtt_url: Annotated[str, address("mqtt", "mqtts")] | None = None
    mqtt5_url: Annotated[str, address("mqtt", "mqtts")] | None = None
    ingest_url: PublicAddress | None = None

    meili_url: Annotated[str, address("http", "https")] | None = Field(
        default=None, validation_alias=AliasChoices("TAJHIZ_MEILI_URL", "MEILI_URL")
    )
    meili_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("TAJHIZ_MEILI_KEY", "MEILI_MASTER_KEY")
    )

    session_idle_s: int = Field(default=2 * 3600, ge=60)
    session_absolute_s: int = Field(default=12 * 3600, ge=60)
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    rate_limit_per_minute: int = Field(default=600, gt=0)
    ingest_requests_per_minute: int = Field(default=6_000, gt=0)
    second_factor_required: bool = True
    sign_in_attempts_per_hour: int = Field(default=20, gt=0)
    trusted_proxies: int = Field(default=0, ge=0, le=5)

    smtp_host: str = "localhost"
    smtp_port: int = Field(default=25, gt=0, lt=65536)
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: Literal["none", "starttls", "tls"] = "starttls"
    mail_from: Sender = "Tajhiz <ne-pas-repondre@tajhiz.example>"
    mailbox_dir: Path | None = None

    documents_dir: Path = Path("var/documents")
    upload_max_bytes: int = Field(default=20 * 1024 * 1024, gt=0)
    drafts_per_organisation: int = Field(default=5_000, gt=0)
    photos_per_device: int = Field(default=20, gt=0)
    documents_per_device: int = Field(default=50, gt=0)
    bytes_per_organisation: int = Field(default=5 * 1024**3, gt=0)
    clamd_host: str | None = None
    clamd_port: int = Field(default=3310, gt=0, lt=65536)
    contact_email: str | None = None
    audit_retention_days: int = Field(default=3650, gt=0)
    inactive_account_days: int = Field(default=1095, gt=0)
    evidence_key: SigningKey | None = None
    evidence_old_keys: Annotated[str, Field(pattern=r"^([0-9a-f]{64}( [0-9a-f]{64})*)?$")] = ""
    telemetry_raw_days: int = Field(default=90, gt=0)
    telemetry_cold_dir: Path = Path("var/cold")

    @property
    def is_local(self) -> bool:
        """Say whether this is somebody's own machine, where cookies travel over plain HTTP."""
        return self.environment == "local"


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process."""
    return Settings()

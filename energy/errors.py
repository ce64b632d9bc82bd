"""Errors that a user of the meters and the ledger can cause."""

from __future__ import annotations


class EnergyError(Exception):
    """Base of every error of this folder."""


class PhaseError(EnergyError, ValueError):
    """A phase was named or nested in a way that the meter cannot account for."""


class MixedReadingsError(EnergyError, ValueError):
    """Readings of different quality were about to be added up."""


class SensorError(EnergyError, RuntimeError):
    """A sensor stopped answering or answered nonsense."""


class WattsError(EnergyError, ValueError):
    """A power for the CPU-time model is not a positive number."""


class LedgerError(EnergyError, ValueError):
    """A ledger file cannot be used: not a ledger, broken, or of another version."""


class LedgerBusyError(EnergyError, RuntimeError):
    """Another writer holds the ledger."""


class CarbonError(EnergyError, RuntimeError):
    """The CodeCarbon tracker cannot be set up or did not report."""


class IdleError(EnergyError, ValueError):
    """The file of idle baselines cannot be read."""


class PowerFileError(EnergyError, ValueError):
    """A power meter's file cannot be read: its form, its times or its powers."""


class MissingExtraError(EnergyError, ImportError):
    """A package that is not installed by default is needed."""


class EmptyLedgerError(EnergyError, ValueError):
    """A report was asked for of a ledger that holds nothing yet."""


class ReportError(EnergyError, ValueError):
    """A report or chart was asked for that the ledger cannot give."""

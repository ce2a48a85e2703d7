"""The settings of this run: the configuration file, with what the command line says laid over it."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from urllib.parse import urlsplit

from workbench import language, paths
from workbench.config import PortalSettings, Settings, load
from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import _


def settings_of(options: Namespace) -> Settings:
    """Reads the configuration, applies the options, and turns the configured language on unless one was asked for.

    Raises:
        Failure: The configuration is wrong, or the options do not fit it.
    """
    settings = load(paths.configuration_file())
    if settings.language and not options.lang:
        language.use(settings.language)
    if options.portal:
        settings = replace(
            settings, portals=(_portal_at(options.portal, settings),), profile=paths.profile_of(options.portal)
        )
    if options.profile:
        settings = replace(settings, profile=options.profile)
    return _acting(settings, options.as_) if options.as_ else settings


def _portal_at(base: str, settings: Settings) -> PortalSettings:
    """The configured portal of that address, so that its codes are known; else a plain one named after its host."""
    known = next((portal for portal in settings.portals if portal.base == base), None)
    return known or PortalSettings(name=urlsplit(base).netloc, base=base)


def _acting(settings: Settings, as_: str) -> Settings:
    if len(settings.portals) != 1:
        raise Failure(
            _("--as needs to know on which portal: add --portal URL, or set “as” for each portal in {file}.").format(
                file=paths.configuration_file()
            ),
            Exit.USAGE,
        )
    return replace(settings, portals=(replace(settings.portals[0], as_=as_),))


def need_portals(settings: Settings) -> Settings:
    """The same settings.

    Raises:
        Failure: They name no portal.
    """
    if not settings.portals:
        raise Failure(
            _("No portal is configured: add one to {file}, or say --portal URL.").format(
                file=visible(str(paths.configuration_file()), one_line=True)
            ),
            Exit.CONFIGURATION,
        )
    return settings

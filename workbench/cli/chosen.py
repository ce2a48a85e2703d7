"""The settings of this run: the configuration file, with what the command line says laid over it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from workbench import compose, language, paths
from workbench.cli.kept_demo import kept_demo
from workbench.compose import Place
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
        bases = tuple(dict.fromkeys(options.portal))
        settings = replace(settings, portals=_portals_at(bases, settings), profile=paths.profile_of(*bases))
    if options.profile:
        settings = replace(settings, profile=options.profile)
    return _acting(settings, options.as_) if options.as_ else settings


def store_of(options: Namespace) -> tuple[Place, Settings]:
    """Which store a command tells of, with the settings of this run: the profile's, or that of a demo that was kept.

    Raises:
        Failure: The configuration is wrong, the options do not fit it or each other, or no demo was kept there.
    """
    settings = settings_of(options)
    if options.demo is None:
        return compose.place_of(settings), settings
    if options.portal or options.profile:
        raise Failure(_("--demo says where everything lies: leave --portal and --profile out."), Exit.USAGE)
    return kept_demo(options.demo, settings)


def _portals_at(bases: Sequence[str], settings: Settings) -> tuple[PortalSettings, ...]:
    """The configured portals of those addresses, whose codes are known; else plain ones named after their hosts.

    Names are the same in whatever order the addresses are given, and no two are alike: the store keeps data under them.
    """
    configured = {portal.base: portal for portal in settings.portals if portal.base in bases}
    hosts = [configured[base].name if base in configured else urlsplit(base).netloc for base in bases]
    names = {base: base if hosts.count(host) > 1 else host for base, host in zip(bases, hosts, strict=True)}
    return tuple(configured.get(base) or PortalSettings(names[base], base) for base in bases)


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

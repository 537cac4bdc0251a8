"""Start this evaluator from its folder alone: `python recompute RECORD.json`."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

if not __package__:  # the folder was named, not the package: nothing beside it is looked at
    folder = Path(__file__).resolve().parent
    spec = spec_from_file_location(
        "recompute", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    __package__ = "recompute"
    sys.modules[__package__] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules[__package__])

from .command import main

sys.exit(main())

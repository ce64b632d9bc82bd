"""`python -m jouleplan.planner.cli`: the same as `jouleplan`."""

from jouleplan.planner.cli import main

if __name__ == "__main__":
    main()

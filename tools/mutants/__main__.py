"""`python -m tools.mutants SEED COUNT`."""

# The processes that run the tests import the main module of their starter, unless it is called `__main__`. They must
# not import the project before they are in the copy with the mutant.
from tools.mutants.run import main

main()

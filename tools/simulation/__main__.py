"""`python -m tools.simulation` writes docs/scale.md."""

from tools.simulation.page import main

if __name__ == "__main__":
    main()

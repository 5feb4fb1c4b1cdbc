"""The command line `imagelabels`: `commands/` has a file for each command, the other folders what the commands do.

`stack/` is the deployed stack as an operator sees it, `local/` an AWS on this machine, `terminal/` what is printed.
"""

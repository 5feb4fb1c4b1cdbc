"""A discrete-event simulation of a library of photos: `make simulate` writes docs/scale.md.

- `quotas`: what AWS allows, with sources
- `workflow`: what the product's own definition says: transitions, the Retry of a throttled state, the longest execution
- `crowd`: the events of many photos in virtual time, with the rule of `imagelabels_shared.turns.schedule`
- `page`: the scenarios, and docs/scale.md

The loop is a heap of numbers and not SimPy, whose process for each photo needs a generator object of 1 KB and several
times the time: ten million photos would be hours.
"""

"""The invented province: millions of persons and enterprises as columns, for what-if studies and benches.

Nobody here exists. Shares, wages and sales are plausible, not measured; every file says so in its metadata. What is drawn depends
on the seed and on the place of the row alone: not on the number of processes, nor on how the rows are cut into row groups.

Door: `demo.population.make.make(folder, persons=…, enterprises=…, seed=…)`, or `palmtax demo --population`.
"""

import tinycalc

print("ok")

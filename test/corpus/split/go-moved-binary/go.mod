module example.com/mover

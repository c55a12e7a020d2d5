module example.com/agent

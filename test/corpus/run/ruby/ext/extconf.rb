require 'mkmf'
create_makefile('addition')

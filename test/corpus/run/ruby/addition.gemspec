Gem::Specification.new do |spec|
  spec.name = 'addition'
  spec.version = '1.0.0'
  spec.summary = 'Adds in C, so that there is something to compile'
  spec.authors = ['Cutaway']
  spec.files = ['ext/addition.c', 'ext/extconf.rb']
  spec.extensions = ['ext/extconf.rb']
end

require 'addition'

while (line = $stdin.gets)
  puts "#{add(*line.split.map(&:to_i))} 1"
end

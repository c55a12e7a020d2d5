<?php

require __DIR__ . '/vendor/autoload.php';

while (($line = fgets(STDIN)) !== false) {
    echo Cutaway\Sum::ofLine($line), "\n";
}

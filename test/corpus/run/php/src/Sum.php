<?php

namespace Cutaway;

class Sum
{
    public static function ofLine(string $line): string
    {
        $numbers = array_map('intval', preg_split('/\s+/', trim($line)));
        return array_sum($numbers) . ' ' . 1;
    }
}

;; Scores every row of a table against one query, or against four: int8 rows, int16 queries, 32-bit sums.
;; `vectors-scan.wasm` is made of this by wabt; a test compares the two.
(module
  (import "table" "memory" (memory 1))
  (func $sum (param $four v128) (result i32)
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $four)) (i32x4.extract_lane 1 (local.get $four)))
      (i32.add (i32x4.extract_lane 2 (local.get $four)) (i32x4.extract_lane 3 (local.get $four)))))
  ;; $size: numbers a row, a multiple of 16. scores[row] = scale * scales[row] * (rows[row] · query)
  (func (export "scan")
    (param $query i32) (param $rows i32) (param $scales i32) (param $scores i32) (param $count i32) (param $size i32) (param $scale f32)
    (local $row i32) (local $at i32) (local $low v128) (local $high v128) (local $bytes v128)
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $row) (local.get $count)))
        (local.set $low (v128.const i32x4 0 0 0 0))
        (local.set $high (v128.const i32x4 0 0 0 0))
        (local.set $at (i32.const 0))
        (loop $sixteen
          (local.set $bytes (v128.load (i32.add (local.get $rows) (local.get $at))))
          (local.set $low (i32x4.add (local.get $low) (i32x4.dot_i16x8_s
            (i16x8.extend_low_i8x16_s (local.get $bytes))
            (v128.load (i32.add (local.get $query) (i32.shl (local.get $at) (i32.const 1)))))))
          (local.set $high (i32x4.add (local.get $high) (i32x4.dot_i16x8_s
            (i16x8.extend_high_i8x16_s (local.get $bytes))
            (v128.load offset=16 (i32.add (local.get $query) (i32.shl (local.get $at) (i32.const 1)))))))
          (br_if $sixteen (i32.lt_u
            (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $size))))
        (local.set $low (i32x4.add (local.get $low) (local.get $high)))
        (f32.store (local.get $scores) (f32.mul (f32.mul (f32.load (local.get $scales)) (local.get $scale)) (f32.convert_i32_s
          (call $sum (local.get $low)))))
        (local.set $rows (i32.add (local.get $rows) (local.get $size)))
        (local.set $scales (i32.add (local.get $scales) (i32.const 4)))
        (local.set $scores (i32.add (local.get $scores) (i32.const 4)))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $each))))
  ;; The same of four queries, one after the other as their scores are, of which there is room for $room each: what is
  ;; made of a row serves all of them.
  (func (export "scanFour")
    (param $query i32) (param $rows i32) (param $scales i32) (param $scores i32) (param $count i32) (param $size i32) (param $room i32)
    (param $scaleA f32) (param $scaleB f32) (param $scaleC f32) (param $scaleD f32)
    (local $row i32) (local $at i32) (local $numbers i32) (local $low v128) (local $high v128) (local $bytes i32) (local $scale f32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $queryB i32) (local $queryC i32) (local $queryD i32) (local $scoresB i32) (local $scoresC i32) (local $scoresD i32)
    (local.set $bytes (i32.shl (local.get $size) (i32.const 1)))
    (local.set $queryB (i32.add (local.get $query) (local.get $bytes)))
    (local.set $queryC (i32.add (local.get $queryB) (local.get $bytes)))
    (local.set $queryD (i32.add (local.get $queryC) (local.get $bytes)))
    (local.set $scoresB (i32.add (local.get $scores) (i32.shl (local.get $room) (i32.const 2))))
    (local.set $scoresC (i32.add (local.get $scoresB) (i32.shl (local.get $room) (i32.const 2))))
    (local.set $scoresD (i32.add (local.get $scoresC) (i32.shl (local.get $room) (i32.const 2))))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $row) (local.get $count)))
        (local.set $a (v128.const i32x4 0 0 0 0))
        (local.set $b (v128.const i32x4 0 0 0 0))
        (local.set $c (v128.const i32x4 0 0 0 0))
        (local.set $d (v128.const i32x4 0 0 0 0))
        (local.set $at (i32.const 0))
        (loop $sixteen
          (local.set $low (i16x8.extend_low_i8x16_s (v128.load (i32.add (local.get $rows) (local.get $at)))))
          (local.set $high (i16x8.extend_high_i8x16_s (v128.load (i32.add (local.get $rows) (local.get $at)))))
          (local.set $numbers (i32.shl (local.get $at) (i32.const 1)))
          (local.set $a (i32x4.add (local.get $a) (i32x4.add
            (i32x4.dot_i16x8_s (local.get $low) (v128.load (i32.add (local.get $query) (local.get $numbers))))
            (i32x4.dot_i16x8_s (local.get $high) (v128.load offset=16 (i32.add (local.get $query) (local.get $numbers)))))))
          (local.set $b (i32x4.add (local.get $b) (i32x4.add
            (i32x4.dot_i16x8_s (local.get $low) (v128.load (i32.add (local.get $queryB) (local.get $numbers))))
            (i32x4.dot_i16x8_s (local.get $high) (v128.load offset=16 (i32.add (local.get $queryB) (local.get $numbers)))))))
          (local.set $c (i32x4.add (local.get $c) (i32x4.add
            (i32x4.dot_i16x8_s (local.get $low) (v128.load (i32.add (local.get $queryC) (local.get $numbers))))
            (i32x4.dot_i16x8_s (local.get $high) (v128.load offset=16 (i32.add (local.get $queryC) (local.get $numbers)))))))
          (local.set $d (i32x4.add (local.get $d) (i32x4.add
            (i32x4.dot_i16x8_s (local.get $low) (v128.load (i32.add (local.get $queryD) (local.get $numbers))))
            (i32x4.dot_i16x8_s (local.get $high) (v128.load offset=16 (i32.add (local.get $queryD) (local.get $numbers)))))))
          (br_if $sixteen (i32.lt_u
            (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $size))))
        (local.set $scale (f32.load (local.get $scales)))
        (f32.store (local.get $scores) (f32.mul (f32.mul (local.get $scale) (local.get $scaleA))
          (f32.convert_i32_s (call $sum (local.get $a)))))
        (f32.store (local.get $scoresB) (f32.mul (f32.mul (local.get $scale) (local.get $scaleB))
          (f32.convert_i32_s (call $sum (local.get $b)))))
        (f32.store (local.get $scoresC) (f32.mul (f32.mul (local.get $scale) (local.get $scaleC))
          (f32.convert_i32_s (call $sum (local.get $c)))))
        (f32.store (local.get $scoresD) (f32.mul (f32.mul (local.get $scale) (local.get $scaleD))
          (f32.convert_i32_s (call $sum (local.get $d)))))
        (local.set $scores (i32.add (local.get $scores) (i32.const 4)))
        (local.set $scoresB (i32.add (local.get $scoresB) (i32.const 4)))
        (local.set $scoresC (i32.add (local.get $scoresC) (i32.const 4)))
        (local.set $scoresD (i32.add (local.get $scoresD) (i32.const 4)))
        (local.set $scales (i32.add (local.get $scales) (i32.const 4)))
        (local.set $rows (i32.add (local.get $rows) (local.get $size)))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $each)))))

;; Scores every row of a table against one query: int8 rows, an int16 query, 32-bit sums.
;; `vectors-scan.wasm` is made of this by wabt; a test compares the two.
(module
  (import "table" "memory" (memory 1))
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
          (i32.add
            (i32.add (i32x4.extract_lane 0 (local.get $low)) (i32x4.extract_lane 1 (local.get $low)))
            (i32.add (i32x4.extract_lane 2 (local.get $low)) (i32x4.extract_lane 3 (local.get $low)))))))
        (local.set $rows (i32.add (local.get $rows) (local.get $size)))
        (local.set $scales (i32.add (local.get $scales) (i32.const 4)))
        (local.set $scores (i32.add (local.get $scores) (i32.const 4)))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $each)))))

;; The products of each of some vectors with each of some others: 32-bit floats, four at once.
;; `dot-products.wasm` is made of this by wabt; a test compares the two.
(module
  (import "vectors" "memory" (memory 1))
  (func $sum (param $four v128) (result f32)
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $four)) (f32x4.extract_lane 1 (local.get $four)))
      (f32.add (f32x4.extract_lane 2 (local.get $four)) (f32x4.extract_lane 3 (local.get $four)))))
  ;; $bytes: those of one vector, a multiple of 16. products[right * lefts + left] = left · right
  (func (export "multiply")
    (param $left i32) (param $right i32) (param $products i32) (param $lefts i32) (param $rights i32) (param $bytes i32)
    (local $at i32) (local $end i32) (local $other i32) (local $leftsEnd i32) (local $rightsEnd i32) (local $foursEnd i32)
    (local $number v128) (local $second i32) (local $third i32) (local $fourth i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $leftsEnd (i32.add (local.get $left) (i32.mul (local.get $lefts) (local.get $bytes))))
    (local.set $rightsEnd (i32.add (local.get $right) (i32.mul (local.get $rights) (local.get $bytes))))
    (local.set $foursEnd (i32.add (local.get $left)
      (i32.mul (i32.and (local.get $lefts) (i32.const -4)) (local.get $bytes))))
    (block $done
      (loop $eachRight
        (br_if $done (i32.ge_u (local.get $right) (local.get $rightsEnd)))
        (local.set $at (local.get $left))
        ;; four of the left at a time, for a processor that can add while it multiplies
        (block $rest
          (loop $eachFour
            (br_if $rest (i32.ge_u (local.get $at) (local.get $foursEnd)))
            (local.set $end (i32.add (local.get $at) (local.get $bytes)))
            (local.set $second (local.get $end))
            (local.set $third (i32.add (local.get $second) (local.get $bytes)))
            (local.set $fourth (i32.add (local.get $third) (local.get $bytes)))
            (local.set $other (local.get $right))
            (local.set $a (v128.const f32x4 0 0 0 0))
            (local.set $b (v128.const f32x4 0 0 0 0))
            (local.set $c (v128.const f32x4 0 0 0 0))
            (local.set $d (v128.const f32x4 0 0 0 0))
            (loop $numbers
              (local.set $number (v128.load (local.get $other)))
              (local.set $a (f32x4.add (local.get $a) (f32x4.mul (v128.load (local.get $at)) (local.get $number))))
              (local.set $b (f32x4.add (local.get $b) (f32x4.mul (v128.load (local.get $second)) (local.get $number))))
              (local.set $c (f32x4.add (local.get $c) (f32x4.mul (v128.load (local.get $third)) (local.get $number))))
              (local.set $d (f32x4.add (local.get $d) (f32x4.mul (v128.load (local.get $fourth)) (local.get $number))))
              (local.set $other (i32.add (local.get $other) (i32.const 16)))
              (local.set $second (i32.add (local.get $second) (i32.const 16)))
              (local.set $third (i32.add (local.get $third) (i32.const 16)))
              (local.set $fourth (i32.add (local.get $fourth) (i32.const 16)))
              (br_if $numbers (i32.lt_u
                (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
            (f32.store (local.get $products) (call $sum (local.get $a)))
            (f32.store offset=4 (local.get $products) (call $sum (local.get $b)))
            (f32.store offset=8 (local.get $products) (call $sum (local.get $c)))
            (f32.store offset=12 (local.get $products) (call $sum (local.get $d)))
            (local.set $products (i32.add (local.get $products) (i32.const 16)))
            (local.set $at (local.get $fourth))
            (br $eachFour)))
        (block $nextRight
          (loop $eachLeft
            (br_if $nextRight (i32.ge_u (local.get $at) (local.get $leftsEnd)))
            (local.set $end (i32.add (local.get $at) (local.get $bytes)))
            (local.set $other (local.get $right))
            (local.set $a (v128.const f32x4 0 0 0 0))
            (loop $numbers
              (local.set $a (f32x4.add (local.get $a)
                (f32x4.mul (v128.load (local.get $at)) (v128.load (local.get $other)))))
              (local.set $other (i32.add (local.get $other) (i32.const 16)))
              (br_if $numbers (i32.lt_u
                (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
            (f32.store (local.get $products) (call $sum (local.get $a)))
            (local.set $products (i32.add (local.get $products) (i32.const 4)))
            (br $eachLeft)))
        (local.set $right (i32.add (local.get $right) (local.get $bytes)))
        (br $eachRight)))))

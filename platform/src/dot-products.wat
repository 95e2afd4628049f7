;; The products of each of some vectors with each of some others: 32-bit floats, four at once.
;; `dot-products.wasm` is made of this by wabt; a test compares the two.
(module
  (import "vectors" "memory" (memory 1))
  ;; $bytes: those of one vector, a multiple of 16. products[right * lefts + left] = left · right
  (func (export "multiply")
    (param $left i32) (param $right i32) (param $products i32) (param $lefts i32) (param $rights i32) (param $bytes i32)
    (local $at i32) (local $end i32) (local $other i32) (local $leftsEnd i32) (local $rightsEnd i32) (local $sum v128)
    (local.set $leftsEnd (i32.add (local.get $left) (i32.mul (local.get $lefts) (local.get $bytes))))
    (local.set $rightsEnd (i32.add (local.get $right) (i32.mul (local.get $rights) (local.get $bytes))))
    (block $done
      (loop $eachRight
        (br_if $done (i32.ge_u (local.get $right) (local.get $rightsEnd)))
        (local.set $at (local.get $left))
        (block $nextRight
          (loop $eachLeft
            (br_if $nextRight (i32.ge_u (local.get $at) (local.get $leftsEnd)))
            (local.set $end (i32.add (local.get $at) (local.get $bytes)))
            (local.set $other (local.get $right))
            (local.set $sum (v128.const f32x4 0 0 0 0))
            (loop $four
              (local.set $sum (f32x4.add (local.get $sum)
                (f32x4.mul (v128.load (local.get $at)) (v128.load (local.get $other)))))
              (local.set $other (i32.add (local.get $other) (i32.const 16)))
              (br_if $four (i32.lt_u
                (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
            (f32.store (local.get $products) (f32.add
              (f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 1 (local.get $sum)))
              (f32.add (f32x4.extract_lane 2 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum)))))
            (local.set $products (i32.add (local.get $products) (i32.const 4)))
            (br $eachLeft)))
        (local.set $right (i32.add (local.get $right) (local.get $bytes)))
        (br $eachRight)))))

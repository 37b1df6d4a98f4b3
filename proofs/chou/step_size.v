(** One step of at most 1/N keeps [0, 1]: a proof for the kernel, independent of the one in step_size.py.

    The statement of [invariant] is what dmftheory writes for chou.step_size.invariant: v0 is the depth, v1 the step size, v2 the state. *)

From Coq Require Import Reals Lra.
Local Open Scope R_scope.

Lemma bernoulli : forall (n : nat) (h : R), -1 <= h -> 1 + INR n * h <= (1 + h) ^ n.
Proof.
  intros n h bound; induction n as [| n below].
  - simpl; lra.
  - rewrite S_INR; simpl.
    assert (0 <= INR n) by apply pos_INR.
    assert (0 <= INR n * (h * h)) by (apply Rmult_le_pos; [assumption | apply Rle_0_sqr]).
    apply Rle_trans with ((1 + h) * (1 + INR n * h)); [lra | apply Rmult_le_compat_l; lra].
Qed.

Lemma power_in_unit : forall (n : nat) (x : R), 0 <= x -> x <= 1 -> 0 <= x ^ n <= 1.
Proof.
  intros n x low high; split; [apply pow_le; exact low |].
  rewrite <- (pow1 n); apply pow_incr; split; assumption.
Qed.

Lemma step : forall (a b : nat) (tau x : R),
  0 < tau -> tau * INR b <= 1 -> 0 <= x -> x <= 1 ->
  0 <= tau * x ^ a * (1 - x ^ b) <= 1 - x.
Proof.
  intros a b tau x positive small low high.
  destruct (power_in_unit a x low high) as [pa qa].
  destruct (power_in_unit b x low high) as [pb qb].
  assert (slope : 1 - x ^ b <= INR b * (1 - x)).
  { pose proof (bernoulli b (x - 1)) as at_x; replace (1 + (x - 1)) with x in at_x by ring; lra. }
  assert (0 <= tau * x ^ a) by (apply Rmult_le_pos; lra).
  split; [apply Rmult_le_pos; lra |].
  apply Rle_trans with (tau * (1 - x ^ b)).
  - rewrite Rmult_assoc; apply Rmult_le_compat_l; [lra |].
    rewrite <- (Rmult_1_l (1 - x ^ b)) at 2; apply Rmult_le_compat_r; lra.
  - apply Rle_trans with (tau * (INR b * (1 - x))); [apply Rmult_le_compat_l; lra |].
    rewrite <- Rmult_assoc; rewrite <- (Rmult_1_l (1 - x)) at 2; apply Rmult_le_compat_r; lra.
Qed.

Theorem invariant :
  forall v0 : nat, INR v0 >= 2 ->
  forall v1 : R, v1 > 0 /\ v1 <= / INR v0 ->
  forall v2 : R, v2 >= 0 /\ v2 <= 1 ->
  v2 + v1 * v2 ^ (v0 - 1) * (1 + -1 * v2 ^ v0) >= v2 /\
  v2 + v1 * v2 ^ (v0 - 1) * (1 + -1 * v2 ^ v0) <= 1.
Proof.
  intros n deep tau [positive small] x [low high].
  assert (enough : tau * INR n <= 1).
  { apply Rle_trans with (/ INR n * INR n); [apply Rmult_le_compat_r; lra | rewrite Rinv_l; lra]. }
  pose proof (step (n - 1) n tau x positive enough ltac:(lra) high) as [least most].
  replace (1 + -1 * x ^ n) with (1 - x ^ n) by ring.
  lra.
Qed.

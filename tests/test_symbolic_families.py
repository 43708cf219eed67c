"""Every family of mathematical answers: a pair that says the same, and its twin that does not."""

import pytest

from verifiers.symbolic.compare import compare

FAMILIES: dict[str, list[tuple[str, str, str]]] = {
    "numbers": [
        (r"\frac{3}{4}", "0.75", "0.74"),
        (r"\tfrac34", "3/4", "4/3"),
        ("$1,234.50", "1234.5", "1235.5"),
        ("2 1/2", r"\frac{5}{2}", r"\frac{21}{2}"),
        (r"3\frac{1}{7}", r"\frac{22}{7}", r"\frac{3}{7}"),
        (r"0.\overline{3}", r"\frac{1}{3}", r"\frac{3}{10}"),
        (r"0.1\overline{6}", r"\frac{1}{6}", r"\frac{16}{99}"),
        ("0.(27)", r"\frac{3}{11}", r"\frac{27}{100}"),
        ("0.333...", r"\frac{1}{3}", r"\frac{333}{100}"),
        (r"6.6 \times 10^{-36}", "6.6e-36", "5e-36"),
        (r"1.5 \times 10^{3}", "1500", "150"),
        ("10^{30}+1", "1000000000000000000000000000001", "1000000000000000000000000000002"),
        ("twelve", "12", "20"),
        (r"\text{42}", "42", r"\text{41}"),
        (r"\approx 3.5", "3.5", "3.6"),
        (r"{5 \choose 2}", r"\dbinom{5}{3}", r"\binom{5}{1}"),
        ("minus two", "-2", "2"),
        ("three quarters", "0.75", "0.5"),
        ("2.5 million", "2500000", "25000000"),
    ],
    "powers, roots, logarithms, constants": [
        (r"2\sqrt{3}", r"\sqrt{12}", r"\sqrt{6}"),
        (r"\sqrt[3]{-8}", "-2", "2"),
        ("8^{2/3}", "4", "16"),
        (r"e^{\ln 3}", "3", "e^3"),
        (r"\log_2 8", "3", "4"),
        (r"\frac{\log 8}{\log 2}", "3", "4"),
        (r"\sin\frac{\pi}{6}", r"\frac{1}{2}", r"\frac{\sqrt{3}}{2}"),
        (r"\cos 60^\circ", "0.5", r"\cos 60"),
        (r"\sin^{-1} x", r"\arcsin x", r"\frac{1}{\sin x}"),
        (r"\frac{180}{\pi}", r"180/\pi", r"180\pi"),
        ("5!", "120", "25"),
        (r"\binom{5}{2}", "10", "20"),
        (r"\lfloor 7/2 \rfloor", "3", "4"),
        (r"\lceil 20001/2 \rceil", "10001", "10000"),
        (r"\sin(2000\pi) + 1", "1", "2"),
        (r"\sum_{k=1}^{10} k", "55", "45"),
    ],
    "expressions": [
        ("(x+1)^2", "x^2+2x+1", "x^2+1"),
        (r"\frac{x^2-1}{x-1}", "x+1", "x-1"),
        (r"\sin 2x", r"2\sin x\cos x", r"2 \sin x"),
        (r"\tau\ln\frac{1}{\Delta}", r"-\tau\ln\Delta", r"\tau\ln\Delta"),
        (r"\frac{1}{b-a}(e^{-at}-e^{-bt})", r"\frac{e^{-at}-e^{-bt}}{b-a}", r"\frac{e^{-at}-e^{-bt}}{a-b}"),
        (r"(1-3e^{-2t}) u(t)", r"u(t) - 3 u(t) e^{-2t}", r"u(t) - 3 e^{-2t}"),
        (r"[P_0^{2/5}-\frac25 gz]^{5/2}", r"\left(P_0^{2/5}-0.4 g z\right)^{5/2}", r"[P_0^{2/5}-gz]^{5/2}"),
        (r"I(0) e^{-t/(RC)}", r"I_0 e^{-\frac{t}{RC}}", r"I_0 e^{\frac{t}{RC}}"),
        (r"\varphi + \phi", r"2\phi", r"\phi"),
        ("|x-1|", "|1-x|", "|x|-1"),
        ("τ·ln(Δ)", r"\tau \ln \Delta", r"\tau \Delta"),
        (r"\\frac{1}{5}", r"\frac{1}{5}", r"\frac{1}{6}"),
    ],
    "equations": [
        ("2x + 4y = 3", "y = -x/2 + 3/4", "y = -x/2 + 4/3"),
        ("(x-1)(y^2-4) = 0", "(1-x)(4-y^2) = 0", "(x-1)(y^2-9) = 0"),
        ("xy = 6", r"y = \frac{6}{x}", r"y = \frac{x}{6}"),
        (r"m \frac{dv}{dt} + bv = f", r"\dot{v} = -\frac{b}{m}v + \frac{f}{m}", r"\dot{v} = \frac{bv+f}{m}"),
        (r"\ddot{x} + 4x = 0", r"\frac{d^2 x}{dt^2} = -4x", r"\frac{dx}{dt} = -4x"),
        ("y' = 2y", r"\frac{dy}{dx} = 2 y", r"y'' = 2y"),
        (
            r"\frac{\partial u}{\partial t} = c",
            r"c = \frac{\partial u}{\partial t}",
            r"c = \frac{\partial u}{\partial x}",
        ),
        (r"x^2/16 + y^2/12 = 1/4", "x^2/4 + y^2/3 = 1", "x^2/4 - y^2/3 = 1"),
        ("x = 2 + 3 = 5", "5", "2"),
        (r"x = y = z = \frac{\sqrt{2}}{2}", r"\frac{\sqrt{2}}{2}", r"\frac{\sqrt{2}}{4}"),
        ("p=5,q=2;p=7,q=2", "(5,2),(7,2)", "(5,2),(2,7)"),
        ("x_1 = 3, x_2 = 4", "3, 4", "3, 5"),
        (r"\frac{2n}{n} = 2", "2", "3"),
    ],
    "inequalities and sets of numbers": [
        ("-x > -1", "x < 1", "x > 1"),
        ("a < b < c", "c > b > a", "a > b > c"),
        ("x + y < 1", "2 > 2x + 2y", r"2 \geq 2x + 2y"),
        ("|x| < 2", "(-2, 2)", "(-1, 2)"),
        (r"|x| \geq 2", r"(-\infty, -2] \cup [2, \infty)", "[-2, 2]"),
        (r"x \geq 3", r"[3, \infty)", r"(3, \infty)"),
        (r"-2 \\le x \\le 7", "[-2, 7]", "(-2, 7)"),
        (r"\mathbb{R}", r"(-\infty, \infty)", r"(0, \infty)"),
        ("all real numbers", r"\mathbb{R}", r"[0, \infty)"),
        (r"\mathbb{R} \setminus \{2\}", r"(-\infty, 2) \cup (2, \infty)", r"(-\infty, 3) \cup (3, \infty)"),
        (
            r"\{k \in \mathbb{Z} \mid k \geq 1\}",
            r"\{n \in \mathbb{Z} : n \geq 1\}",
            r"\{k \in \mathbb{Z} : k \geq 2\}",
        ),
        (r"\{x \in \mathbb{R} : x > 0\}", r"(0, \infty)", r"[0, \infty)"),
        (r"\{1, 2, 3\}", "3, 2, 1", "3, 2"),
        (r"2 \pm \sqrt{3}", r"2-\sqrt{3}, 2+\sqrt{3}", r"2+\sqrt{3}, 2+\sqrt{2}"),
    ],
    "points, matrices, complex numbers, ratios": [
        ("(1, 2)", "(1.0, 2)", "(2, 1)"),
        (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", "(1, 2)", "(1, 3)"),
        (
            r"\begin{pmatrix}1&2\\3&4\end{pmatrix} + \begin{pmatrix}5&6\\7&8\end{pmatrix}",
            r"\begin{bmatrix}6&8\\10&12\end{bmatrix}",
            r"\begin{bmatrix}6&8\\10&13\end{bmatrix}",
        ),
        (
            r"\begin{pmatrix}1&2\\3&4\end{pmatrix}\begin{pmatrix}0&1\\1&0\end{pmatrix}",
            r"\begin{pmatrix}2&1\\4&3\end{pmatrix}",
            r"\begin{pmatrix}3&4\\1&2\end{pmatrix}",
        ),
        (
            r"\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}",
            r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
            r"\begin{pmatrix} 1 & 3 \\ 2 & 4 \end{pmatrix}",
        ),
        (r"\frac{1}{1+i}", r"\frac{1-i}{2}", r"\frac{1+i}{2}"),
        (r"\frac{1 - i}{4} e^{2it} + C", r"\frac{e^{2 i t}}{2+2 i}+C", r"\frac{e^{2 i t}}{2-2 i}+C"),
        ("2 e^{i\\pi/3}", r"1 + i\sqrt{3}", r"1 - i\sqrt{3}"),
        ("3 : 4", r"\frac{3}{4}", "4 : 3"),
        ("2 : 4 : 6", "1 : 2 : 3", "1 : 3 : 2"),
        ("2 to 3", "2:3", "3:2"),
        ("3 out of 4", r"\frac{3}{4}", r"\frac{4}{3}"),
        (r"\langle 1, 2 \rangle", r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", "(2, 1)"),
        (r"\operatorname{cis} 90^\circ", "i", "-i"),
    ],
    "percents, degrees, units": [
        (r"30^\circ", r"\frac{\pi}{6}", r"\frac{\pi}{3}"),
        ("72 degrees", r"72^\circ", r"73^\circ"),
        ("5 m", "500 cm", "5 cm"),
        ("5 m", "5 m", "5 kg"),
        ("3 m", "300 cm", "3 m^2"),
        (r"5 \text{ m}", r"500 \mathrm{~cm}", r"5 \text{ kg}"),
        ("90 km/h", r"25 \text{ m/s}", r"25 \text{ m}"),
        ("5 μm", r"0.005 \text{ mm}", r"5 \text{ m}"),
        (r"10 \text{ Å}", r"1 \text{ nm}", r"10 \text{ nm}"),
        (r"2 \text{ kΩ}", r"2000\ \Omega", r"2 \Omega"),
        (r"1 \text{ eV}", r"1.602176634 \times 10^{-19} \text{ J}", r"1 \text{ J}"),
        (r"25 ^\circ\text{C}", r"298.15 \text{ K}", r"25 \text{ K}"),
        (r"1 \text{ m}^2", r"10000 \text{ cm}^2", r"100 \text{ cm}^2"),
        (r"3\sqrt{2} \text{ dollars}", r"\sqrt{18} dollars", r"\sqrt{19} dollars"),
        (r"2 \text{ hours}", r"120 \text{ minutes}", r"120 \text{ hours}"),
        (r"6 × 10⁻³ m/s²", r"0.006 \text{ m/s}^2", r"0.006 \text{ m/s}"),
        (r"12 \text{ apples}", r"12 \text{ apple}", r"13 \text{ apples}"),
    ],
    "words and times": [
        (r"\text{Even}", "even", "odd"),
        ("no real solutions", r"\text{no solution}", "2"),
        (r"\emptyset", "no solution", "0"),
        ("DNE", r"\text{does not exist}", "0"),
        ("7:30 PM", "19:30", "7:30 AM"),
        ("7:00 a.m.", r"7:00 \text{ AM}", "7:30 AM"),
        ("12:00 AM", "0:00 AM", "12:00 PM"),
    ],
}  # fmt: skip

CLOSE: dict[str, list[tuple[str, str, str]]] = {
    "how it is read": [
        ("C e^{-2x}", "c e^{-2x}", "C e^{2x}"),
        ("c_1 e^x + c_2 e^{-x}", "C_1 e^{x} + C_2 e^{-x}", "C_1 e^{x} + C_2 e^{-2x}"),
        ("A e^x + B e^{-x}", "C_1 e^{x} + C_2 e^{-x}", "C_1 e^{x} - C_2"),
        (r"\frac{\pi}{4} + n\pi", r"\frac{\pi}{4} + k\pi", r"\frac{\pi}{2} + k\pi"),
        (r"\cos(\pi n)", "(-1)^n", "(-1)^{n+1}"),
        ("v_o(t) + 1", "v_o + 1", "v_o + 2"),
        (
            r"LC \frac{d^2 v_o(t)}{dt^2} + v_o(t) = v_i(t)",
            r"\ddot{v}_o + \frac{v_o}{LC} = \frac{v_i}{LC}",
            r"\ddot{v}_o + v_o = v_i",
        ),
        ("1/2x", r"\frac{1}{2x}", r"\frac{2}{x}"),
        (r"\log 100", "2", "3"),
        ("1011", "1011_2", "1010_2"),
        ("1011_2", "11_{10}", "12_{10}"),
        ("12_{8}", "12", "13"),
        ("7:00", "7", "8:00"),
        (r"\frac{V_o}{V_i} = \frac{1}{s+1}", r"\frac{1}{s+1}", r"\frac{1}{s-1}"),
        ("y^s = 100 p^{1/2}", r"100 \sqrt{p}", "100 p"),
        (r"S:T = 7:32", "7:32", "32:7"),
        (r"e^{a+bi} = 2e^{i\pi/3} = 1 + i\sqrt{3}", r"1+\sqrt{3}i", r"1-\sqrt{3}i"),
        (r"\rho\sin\theta = \sqrt{3}", r"\sqrt{3} \csc\theta", r"\sqrt{3} \sin\theta"),
        (r"\sqrt{x^2}", "x", "-x"),
        (r"(3t - 32, 64 - 5t)", r"(-32 + 3x, 64 - 5x)", r"(-32 + 3x, 64 + 5x)"),
        (r"S_{MBCN} : S = 7:32", "7:32", "32:7"),
        (r"\infty", r"\text{infinitely many}", "0"),
        ("AC", r"\text{A, C}", "A, B"),
    ],
    "a unit that one side leaves out": [
        (r"15,000 \text{ kcal m}^{-2} \text{ yr}^{-1}", "15000", "1500"),
        ("1.69 Å", "1.69", "1.96"),
        (r"56.0 \text{ g CO}", "56", "28"),
        (r"13 \text{ Gyr}", "13", "1.3"),
        ("7:00", "7:00 AM", "8:00 AM"),
    ],
    "rounding": [
        ("85.71", r"\frac{600}{7}", r"\frac{601}{7}"),
        (r"3.1 \text{ miles}", r"5.0 \text{ km}", r"6.0 \text{ km}"),
        (r"2.65", r"\sqrt{7}", r"\sqrt{8}"),
        (r"2.2\tau", r"\tau \ln 9", r"\tau \ln 8"),
    ],
    "a percent sign": [("50", r"50\%", r"60\%"), (r"17.5\%", "17.5", "175")],
}  # fmt: skip

PERCENTAGES = [
    (r"50\%", "0.5", "0.05"),
    (r"62.5\%", r"\frac{5}{8}", r"\frac{5}{6}"),
    ("12 percent", "0.12", "1.2"),
]

SAME = [(one, other) for family in FAMILIES.values() for one, other, _ in family]
NEARLY = [(why, one, other) for why, family in CLOSE.items() for one, other, _ in family]
TWINS = [
    (one, twin) for family in (*FAMILIES.values(), *CLOSE.values(), PERCENTAGES) for one, _, twin in family
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_says_the_same_is_equal_from_either_side(one: str, other: str) -> None:
    assert (compare(one, other), compare(other, one)) == ("equal", "equal")


@pytest.mark.parametrize(("why", "one", "other"), NEARLY)
def test_what_only_the_question_can_tell_apart_is_close(why: str, one: str, other: str) -> None:
    assert compare(one, other) == f"close but for {why}"


@pytest.mark.parametrize(("one", "other"), [pair[:2] for pair in PERCENTAGES])
def test_a_percentage_is_equal_to_the_fraction_that_it_is(one: str, other: str) -> None:
    said = "equal in value, one as a percentage"
    assert (compare(one, other), compare(other, one)) == (said, said)


@pytest.mark.parametrize(("one", "twin"), TWINS)
def test_the_twin_is_neither_equal_nor_close(one: str, twin: str) -> None:
    assert not compare(one, twin).startswith(("equal", "close"))
    assert not compare(twin, one).startswith(("equal", "close"))

/** Shell scripts are imported as texts, by the bundler and by the tests. */
declare module "*.sh" {
  const text: string
  export default text
}
